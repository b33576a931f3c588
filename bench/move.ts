import { execa } from "execa";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Progress } from "../local-cluster/progress";
import { moverDirectory } from "../tests/mover/compiled";
import { measurePairs, seconds } from "./measure";
import { measureDowntime } from "./move-downtime";
import { ratioResult, type Result } from "./result";

/** Our copy must reach at least 0.9 of the other's throughput. */
const bound = 1 / 0.9;
const rounds = 3;
const gibibyte = 1024 ** 3;

/** Writes an earlier run's data to the disk, so that the next run does not pay for it. */
const settle = () => execa("sync");

/**
 * Compares a move's copy and check with what a person would do: `cp -a` and one checksum pass over the copy. The move's
 * check reads both sides and makes sure that the copy is on the disk. Both use the same two directories.
 */
export async function measureMove(progress: Progress): Promise<Result[]> {
  const root = await mkdtemp(join(tmpdir(), "cluster-storage-move-"));
  try {
    const results: Result[] = [];
    for (const [name, files] of [
      ["1 GiB in 1,000 files", 1000],
      ["1 GiB in one file", 1],
    ] as const)
      results.push(await measureCopy(root, name, files, progress));
    return [...results, ...(await measureDowntime(progress))];
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function measureCopy(root: string, name: string, files: number, progress: Progress): Promise<Result> {
  const [source, target] = [join(root, `source-${files}`), join(root, `target-${files}`)];
  await fill(source, files);
  const run = (copy: () => Promise<unknown>) => async () => {
    await rm(target, { recursive: true, force: true });
    await mkdir(target);
    await settle();
    return seconds(copy);
  };
  const pairs = await progress.step(`copy and check ${name}`, () =>
    measurePairs({
      rounds,
      ours: run(() => ourCopy(source, target, root)),
      other: run(() => plainCopy(source, target)),
      note: progress.info,
    }),
  );
  await rm(source, { recursive: true });
  await rm(target, { recursive: true });
  return ratioResult(`copy and check ${name}`, pairs, bound);
}

/** The program that a copy pod runs. */
async function ourCopy(source: string, target: string, root: string): Promise<void> {
  const task = {
    source,
    target,
    sourceName: "source",
    targetName: "target",
    sourceId: "bench",
    replace: false,
    resume: false,
  };
  await execa(process.execPath, [join(moverDirectory(), "copy.mjs"), "copy"], {
    env: { COPY: JSON.stringify(task), OUTCOME: join(root, "outcome") },
  });
}

async function plainCopy(source: string, target: string): Promise<void> {
  await execa("sh", [
    "-c",
    'cp -a "$0/." "$1/" && find "$1" -type f -print0 | xargs -0 sha256sum >/dev/null',
    source,
    target,
  ]);
}

/** Writes content that no file system can compress, with a hundred files in each directory. */
async function fill(directory: string, files: number): Promise<void> {
  const block = randomBytes(1024 * 1024);
  const size = Math.floor(gibibyte / files);
  for (let i = 0; i < files; i++) {
    const folder = join(directory, `part-${Math.floor(i / 100)}`);
    await mkdir(folder, { recursive: true });
    const file = await open(join(folder, `file-${i}`), "w");
    for (let left = size; left > 0; left -= block.length) {
      block.writeUInt32LE((i * 4096 + Math.floor(left / block.length)) >>> 0);
      await file.write(block, 0, Math.min(left, block.length));
    }
    await file.close();
  }
}
