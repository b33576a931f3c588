// @ts-check
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort } from "node:worker_threads";

const chunk = Buffer.allocUnsafeSlow(1024 * 1024);

/** How many bytes pass between two signs of life. */
const step = 32 * 1024 * 1024;

/** @param {Uint8Array} path */
function digestOf(path) {
  const hash = createHash("sha256");
  const file = openSync(Buffer.from(path), "r");
  let unreported = 0;
  try {
    for (let length; (length = readSync(file, chunk, 0, chunk.length, null)) > 0;) {
      hash.update(chunk.subarray(0, length));
      unreported += length;
      if (unreported >= step) unreported = report(unreported);
    }
  } finally {
    closeSync(file);
  }
  report(unreported);
  return hash.digest("hex");
}

/** @param {number} bytes */
function report(bytes) {
  parentPort?.postMessage({ bytes });
  return 0;
}

parentPort?.on("message", (/** @type {Uint8Array[]} */ paths) => {
  try {
    parentPort?.postMessage({ digests: paths.map(digestOf) });
  } catch (error) {
    parentPort?.postMessage({ error: /** @type {Error} */ (error).message });
  }
});
