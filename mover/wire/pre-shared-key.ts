/**
 * The pod at the source and the pods that copy from it know each other, and keep others out, by a key that they were
 * given, because there is nobody to sign certificates. TLS 1.2 is used because with later versions Node can't choose
 * such a cipher.
 */
const shared = {
  ciphers: "ECDHE-PSK-CHACHA20-POLY1305",
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.2",
} as const;

/** Characters. A shorter key is a mistake: an empty one would let anybody in. */
const shortest = 32;

function bytesOf(key = ""): Buffer {
  if (key.length < shortest)
    throw new Error(`the move's key has ${key.length} characters; it needs at least ${shortest}`);
  return Buffer.from(key);
}

/**
 * TLS options of the server. `identity`: what the key is for, which is the move's job. Throws where
 * the key is too short.
 */
export function serverOptions(identity: string, key: string | undefined) {
  const psk = bytesOf(key);
  return { ...shared, pskCallback: (_: unknown, name: string) => (name === identity ? psk : null) };
}

/** TLS options of a client. Throws where the key is too short. */
export function clientOptions(identity: string, key: string | undefined) {
  const psk = bytesOf(key);
  return { ...shared, pskCallback: () => ({ psk, identity }), checkServerIdentity: () => undefined };
}
