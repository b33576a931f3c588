import { execa } from "execa";
import { mkdtemp, readFile, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Progress } from "../local-cluster/progress";
import { checkout } from "../ops/pulumi/project";
import { seconds } from "./measure";
import { gibibytesResult, secondsResult, type Result } from "./result";

/** Seconds that a start with nothing cached may take. */
const coldBound = 720;
/** GiB of memory that a machine for the dev stack has. */
const memoryBound = 8;
/** GiB of disk that may be taken at once. */
const diskBound = 25;

const gibibyte = 1024 ** 3;

/** GiB of memory that are available, and of disk that are free, on the whole machine. */
async function left(directory: string): Promise<{ memory: number; disk: number }> {
  const [text, { bavail, bsize }] = await Promise.all([readFile("/proc/meminfo", "utf8"), statfs(directory)]);
  const kibibytes = Number(/^MemAvailable: +(\d+) kB$/m.exec(text)![1]);
  return { memory: (kibibytes * 1024) / gibibyte, disk: (bavail * bsize) / gibibyte };
}

/** The most memory and disk, in GiB, that were in use at once while the work ran, beyond what was before. */
export async function peaks(
  directory: string,
  work: () => Promise<unknown>,
  look = left,
  every = 500,
): Promise<{ memory: number; disk: number }> {
  const before = await look(directory);
  const least = { ...before };
  let looking = Promise.resolve();
  const note = async () => {
    const now = await look(directory);
    least.memory = Math.min(least.memory, now.memory);
    least.disk = Math.min(least.disk, now.disk);
  };
  const timer = setInterval(() => {
    looking = looking.then(note);
  }, every);
  try {
    await work();
  } finally {
    clearInterval(timer);
    await looking.then(note);
  }
  return { memory: before.memory - least.memory, disk: before.disk - least.disk };
}

/**
 * Measures a first `npm start` with these options, in a state directory of its own, which is deleted afterwards.
 * `cold`: with nothing cached. What else runs on the machine counts, so nothing else should.
 */
function measureRoom(name: string, options: string[], cold: boolean) {
  return async (progress: Progress): Promise<Result[]> => {
    const home = await mkdtemp(join(tmpdir(), "room-"));
    const env = {
      CLUSTER_STORAGE_STATE: join(home, "state"),
      CLUSTER_STORAGE_INSTANCE: "room",
      ...(cold && {
        CLUSTER_STORAGE_CACHE: join(home, "cache"),
        GOCACHE: join(home, "go-build"),
        GOMODCACHE: join(home, "go-modules"),
        GOFLAGS: "-modcacherw", // so that the directory can be removed
      }),
    };
    const run = (...args: string[]) =>
      execa(process.execPath, [join(checkout, "ops", "run.mjs"), ...args], { cwd: checkout, env });
    try {
      let taken = 0;
      const start = async () => {
        taken = await seconds(() => run("start", ...options));
      };
      const { memory, disk } = await progress.step(name, () => peaks(home, start));
      return [
        ...(cold ? [secondsResult(name, [taken], coldBound)] : []),
        gibibytesResult(`memory at most: ${name}`, memory, memoryBound),
        gibibytesResult(`disk at most: ${name}`, disk, diskBound),
      ];
    } finally {
      await run("stop", "--delete", "--yes");
      await rm(home, { recursive: true, force: true });
    }
  };
}

export const measureCold = measureRoom("npm start with nothing cached", [], true);
export const measureDevRoom = measureRoom("npm start, the tools cached", [], false);
export const measureRealRoom = measureRoom("npm start -- --real, the tools cached", ["--real"], false);
