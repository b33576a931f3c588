import { execa } from "execa";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Progress } from "../local-cluster/progress";
import { moverDirectory } from "../tests/mover/compiled";
import { fill, settle } from "./data";
import { measurePairs, seconds } from "./measure";
import { measureDowntime } from "./move-downtime";
import { ratioResult, type Result } from "./result";

/** Our copy must reach at least 0.9 of the other's throughput. */
const bound = 1 / 0.9;
const rounds = 3;

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
