import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, X509Certificate } from "node:crypto";
import { createRequire } from "node:module";
import type * as Curves from "@noble/curves/p256";
import type * as X509 from "@peculiar/x509";

/**
 * The stack's own authority and its servers' certificates. Everything here follows from a secret, the names and the
 * time: a second update and an update after a crash come to the same bytes, and no key has to be kept but the secret.
 */

const day = 24 * 3600 * 1000;

/** How long a certificate lives, in days. It is made anew as soon as less than a third of that is left. */
const lives = { authority: 3600, server: 540 };

/** A key with its certificate, both as PEM. */
export interface Certificate {
  key: string;
  certificate: string;
}

/** From when to when a certificate is good, as every update in between has it. The day before is for slow clocks. */
export function validity(kind: keyof typeof lives, now: Date): { notBefore: Date; notAfter: Date; period: number } {
  const life = lives[kind] * day;
  const renewal = (life * 2) / 3;
  const period = Math.floor(now.getTime() / renewal);
  return {
    period,
    notBefore: new Date(period * renewal - day),
    notAfter: new Date(period * renewal + life),
  };
}

/** The authority's certificate, which clients trust. Its key is the same for as long as the secret is. */
export async function authorityOf(secret: string, now: Date): Promise<string> {
  const { notBefore, notAfter, period } = validity("authority", now);
  return issue(secret, {
    subject: authorityName,
    key: authorityKey,
    serial: `authority ${period}`,
    notBefore,
    notAfter,
    names: [],
  });
}

/** A server's key and its certificate for these names. Both are others in the next period. */
export async function serverCertificate(secret: string, names: readonly string[], now: Date): Promise<Certificate> {
  const { notBefore, notAfter, period } = validity("server", now);
  const key = `server ${period} ${names.join(" ")}`;
  const certificate = await issue(secret, { subject: names[0] ?? "", key, serial: key, notBefore, notAfter, names });
  return { key: pemOf(privateKey(secret, key)), certificate };
}

/** What names a certificate in public: SHA-256 of it, in hex. */
export const fingerprint = (certificate: string) =>
  createHash("sha256").update(new X509Certificate(certificate).raw).digest("hex");

const authorityName = "cluster-storage";
const authorityKey = "authority";

const derived = (secret: string, purpose: string, length: number) =>
  Buffer.from(hkdfSync("sha256", secret, "cluster-storage/tls", purpose, length));

/** P-256's order. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** A private number below the order: from 64 bits more than it has, so that none is likelier (FIPS 186-5, A.2.1). */
function scalar(secret: string, purpose: string): Buffer {
  const wide = BigInt(`0x${derived(secret, `key of ${purpose}`, 40).toString("hex")}`);
  return Buffer.from(((wide % (order - 1n)) + 1n).toString(16).padStart(64, "0"), "hex");
}

// The libraries are loaded where they are used: most stacks have no certificates, and every preview would wait.
const load = createRequire(__filename);
const curve = () => (load("@noble/curves/p256") as typeof Curves).p256;
function library(): typeof X509 {
  load("reflect-metadata"); // The library's dependency injection needs it first.
  return load("@peculiar/x509") as typeof X509;
}

function privateKey(secret: string, purpose: string): KeyObject {
  const d = scalar(secret, purpose);
  const point = Buffer.from(curve().getPublicKey(d, false));
  const text = (bytes: Buffer) => bytes.toString("base64url");
  const jwk = { kty: "EC", crv: "P-256", d: text(d), x: text(point.subarray(1, 33)), y: text(point.subarray(33)) };
  return createPrivateKey({ key: jwk, format: "jwk" });
}

const pemOf = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString();
const spkiOf = (key: KeyObject) => createPublicKey(key).export({ type: "spki", format: "der" });
const idOf = (key: KeyObject) => createHash("sha256").update(spkiOf(key)).digest("hex").slice(0, 40);

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * What signs as the authority. The signature's own random number follows from key and content (RFC 6979), which is what
 * Node's signatures can't do.
 */
function signer(secret: string): { crypto: Crypto; key: CryptoKey } {
  const sign = (_algorithm: unknown, _key: unknown, content: ArrayBuffer) => {
    const hash = createHash("sha256").update(new Uint8Array(content)).digest();
    return Promise.resolve(curve().sign(hash, scalar(secret, authorityKey)).toBytes("compact"));
  };
  return { crypto: { subtle: { sign } } as unknown as Crypto, key: { algorithm } as unknown as CryptoKey };
}

interface Wanted {
  subject: string;
  /** What the key and the serial number are derived from. */
  key: string;
  serial: string;
  notBefore: Date;
  notAfter: Date;
  /** DNS names of a server; an authority has none. */
  names: readonly string[];
}

/** A certificate as PEM, signed by the authority. */
async function issue(secret: string, { subject, key, serial, notBefore, notAfter, names }: Wanted): Promise<string> {
  const x509 = library();
  const by = signer(secret);
  const own = privateKey(secret, key);
  const issuer = privateKey(secret, authorityKey);
  const server = names.length > 0;
  const { digitalSignature, keyCertSign } = x509.KeyUsageFlags;
  const extensions = [
    new x509.BasicConstraintsExtension(!server, undefined, true),
    new x509.KeyUsagesExtension(server ? digitalSignature : keyCertSign, true),
    new x509.SubjectKeyIdentifierExtension(idOf(own)),
    new x509.AuthorityKeyIdentifierExtension(idOf(issuer)),
    ...(server
      ? [
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns" as const, value }))),
        ]
      : []),
  ];
  const certificate = await x509.X509CertificateGenerator.create(
    {
      // The first bit stays 0, because a serial number is positive, and the next one 1, so that no length varies.
      serialNumber: `4${derived(secret, `serial of ${serial}`, 16).toString("hex").slice(1)}`,
      subject: [{ CN: [subject] }],
      issuer: [{ CN: [authorityName] }],
      publicKey: spkiOf(own),
      signingKey: by.key,
      signingAlgorithm: algorithm,
      notBefore,
      notAfter,
      extensions,
    },
    by.crypto,
  );
  return `${certificate.toString("pem")}\n`;
}
