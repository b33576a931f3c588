import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from "node:crypto";
import { chmodSync, chownSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface KeyFile {
  N: number;
  r: number;
  p: number;
  /** Base64. */
  salt: string;
  data: string;
}

/**
 * Makes a repository's passwords cheap to check, each that is one of these. restic chooses a cost of half a second, and
 * these tests open repositories a thousand times. The form of the file: restic.readthedocs.io, "References", "Keys,
 * Encryption and MAC".
 */
export function cheapen(repository: string, ...passwords: string[]): void {
  const directory = join(repository, "keys");
  for (const name of existsSync(directory) ? readdirSync(directory) : []) {
    const file = JSON.parse(readFileSync(join(directory, name), "utf8")) as KeyFile;
    if (file.N === 2) continue;
    const data = Buffer.from(file.data, "base64");
    const password = passwords.find((each) => opens(keyOf(file, each), data));
    if (password === undefined) continue;
    const master = open(keyOf(file, password), data);
    const cheap = { ...file, N: 2, r: 1, p: 1 };
    const text = JSON.stringify({ ...cheap, data: seal(keyOf(cheap, password), master).toString("base64") });
    const path = join(directory, createHash("sha256").update(text).digest("hex"));
    const { mode, uid, gid } = statSync(join(directory, name));
    writeFileSync(path, text);
    chmodSync(path, mode);
    chownSync(path, uid, gid);
    rmSync(join(directory, name));
  }
}

const keyOf = ({ N, r, p, salt }: KeyFile, password: string) =>
  scryptSync(password, Buffer.from(salt, "base64"), 64, { N, r, p, maxmem: 1024 ** 3 });

const opens = (key: Buffer, data: Buffer) =>
  macOf(key.subarray(32), data.subarray(0, 16), data.subarray(16, -16)).equals(data.subarray(-16));

function open(key: Buffer, data: Buffer): Buffer {
  const [nonce, sealed] = [data.subarray(0, 16), data.subarray(16, -16)];
  const decipher = createDecipheriv("aes-256-ctr", key.subarray(0, 32), nonce);
  return Buffer.concat([decipher.update(sealed), decipher.final()]);
}

function seal(key: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(16);
  const cipher = createCipheriv("aes-256-ctr", key.subarray(0, 32), nonce);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, sealed, macOf(key.subarray(32), nonce, sealed)]);
}

/** Poly1305-AES: what authenticates a text, by a key of two halves and the text's nonce. */
function macOf(key: Buffer, nonce: Buffer, text: Buffer): Buffer {
  const aes = createCipheriv("aes-128-ecb", key.subarray(0, 16), null).setAutoPadding(false);
  const r = numberOf(key.subarray(16, 32)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  for (let at = 0; at < text.length; at += 16)
    sum = ((sum + numberOf(Buffer.concat([text.subarray(at, at + 16), Buffer.of(1)]))) * r) % (2n ** 130n - 5n);
  const tag = (sum + numberOf(aes.update(nonce))) % 2n ** 128n;
  return Buffer.from(tag.toString(16).padStart(32, "0"), "hex").reverse();
}

/** Of bytes that begin with the lowest. */
const numberOf = (bytes: Buffer) => BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
