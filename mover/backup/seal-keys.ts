import { constants, publicEncrypt } from "node:crypto";
import { sealedPrefix, type KeysTask, type SealedKeys } from "../../model/backup";
import { keysOf } from "../restore/keys";
import type { BackupContext } from "./context";

/** Prints the keys that points have, each encrypted for who asked: whoever reads the log can't read them. */
export async function sealKeys({ task, log, work, patience, signal }: BackupContext, wanted: KeysTask): Promise<void> {
  for (const point of wanted.points) {
    const found = await keysOf({ point, repository: task.repository }, { work, patience, signal });
    const keys = Object.entries(found).map(([key, value]) => [
      key,
      seal(Buffer.from(value, "base64"), wanted.publicKey),
    ]);
    const sealed: SealedKeys = { point, keys: Object.fromEntries(keys) };
    log(`${sealedPrefix}${JSON.stringify(sealed)}`);
  }
}

/** In pieces, because RSA takes no more than 190 bytes at once. */
function seal(value: Buffer, key: string): string {
  const pieces = Array.from({ length: Math.max(1, Math.ceil(value.length / 190)) }, (_, i) =>
    publicEncrypt(
      { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" },
      value.subarray(i * 190, (i + 1) * 190),
    ).toString("base64"),
  );
  return pieces.join(" ");
}
