// @ts-check

/**
 * How the pod at the source and those that copy from it know each other, and keep others out: by a key that they were
 * given, for there is nobody to sign certificates. Later versions of TLS leave Node no choice of such a cipher.
 */
const shared = {
  ciphers: "ECDHE-PSK-CHACHA20-POLY1305",
  minVersion: /** @type {const} */ ("TLSv1.2"),
  maxVersion: /** @type {const} */ ("TLSv1.2"),
};

/** Shorter keys are a mistake: an empty one would let anybody in. */
const shortest = 32;

/** @param {string | undefined} key @returns {Buffer} */
function bytesOf(key = "") {
  if (key.length < shortest)
    throw new Error(`the move's key has ${key.length} characters; it needs at least ${shortest}`);
  return Buffer.from(key);
}

/** Of the server. @param {string} identity what the key is for: the move's job @param {string | undefined} key */
export function serverOptions(identity, key) {
  const psk = bytesOf(key);
  return {
    ...shared,
    pskCallback: (/** @type {unknown} */ _, /** @type {string} */ name) => (name === identity ? psk : null),
  };
}

/** Of a client. @param {string} identity @param {string | undefined} key */
export function clientOptions(identity, key) {
  const psk = bytesOf(key);
  return { ...shared, pskCallback: () => ({ psk, identity }), checkServerIdentity: () => undefined };
}
