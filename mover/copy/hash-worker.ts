// A thread of hashing.ts. It receives paths and answers with the SHA-256 of each file's content.
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort } from "node:worker_threads";

/**
 * `bytes`: how many were read since the last such answer. `digests`: those of all paths, in order, as the last answer.
 */
export type Answer = { bytes: number } | { digests: string[] } | { error: string };

const chunk = Buffer.allocUnsafeSlow(1024 * 1024);

/** How many bytes are read between two reports of progress. */
const step = 32 * 1024 * 1024;

function digestOf(path: Uint8Array): string {
  const hash = createHash("sha256");
  const file = openSync(Buffer.from(path), "r");
  let unreported = 0;
  try {
    for (let length; (length = readSync(file, chunk, 0, chunk.length, null)) > 0;) {
      hash.update(chunk.subarray(0, length));
      unreported += length;
      if (unreported < step) continue;
      answer({ bytes: unreported });
      unreported = 0;
    }
  } finally {
    closeSync(file);
  }
  answer({ bytes: unreported });
  return hash.digest("hex");
}

const answer = (said: Answer) => parentPort?.postMessage(said);

parentPort?.on("message", (paths: Uint8Array[]) => {
  try {
    answer({ digests: paths.map(digestOf) });
  } catch (error) {
    answer({ error: error instanceof Error ? error.message : String(error) });
  }
});
