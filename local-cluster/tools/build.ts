import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { UserError } from "../../model/user-error";
import { versions } from "../versions";
import type { Progress } from "../progress";
import { checkRoom, type Need } from "./disk";
import { findGo, goBuild, programName, type Go } from "./go";
import type { GoProgram, Part } from "./part";
import { findCompiler, seccompEnvironment } from "./seccomp";
import { inScratch, makeWhole } from "./store";

export interface BuildOptions {
  /** The tools' directory. */
  directory: string;
  /** Where a part belongs. */
  place: (part: Part) => string;
  /** For tests: ignore the machine's libseccomp. */
  withoutSeccomp?: boolean;
  /** Called once all is there that building needs, before the minutes that it takes. */
  building?: () => void;
}

/** Builds the parts from the Go modules of the same versions. */
export async function buildParts(parts: Part[], options: BuildOptions, progress: Progress): Promise<void> {
  const go = await prerequisites(parts);
  await checkRoom(needs(parts, go, options.directory));
  await inScratch(options.directory, async (scratch) => {
    const names = parts.map(({ name }) => name).join(", ");
    const unpackTo = path.join(options.directory, "libseccomp");
    const seccomp = needsC(parts)
      ? await seccompEnvironment({ cc: go.cc, scratch, unpackTo, pretendMissing: options.withoutSeccomp })
      : {};
    options.building?.();
    await progress.step(`building ${names} from source`, (note) => buildAll(parts, seccomp, scratch, note));
    for (const part of parts) await makeWhole(options.place(part), (unfinished) => collect(part, scratch, unfinished));
  });
}

const needsC = (parts: Part[]) => parts.some(({ programs }) => programs.some(({ seccomp }) => seccomp));

/** Finds Go and the C compiler. Throws UserError that names everything that is missing. */
async function prerequisites(parts: Part[]): Promise<Go> {
  const go = findGo();
  const cc = go.then((found) => found.cc).catch(() => process.env.CC || "gcc");
  const found = await Promise.allSettled([go, needsC(parts) ? cc.then(findCompiler) : undefined]);
  const missing = found.flatMap((result) => (result.status === "rejected" ? [(result.reason as Error).message] : []));
  if (missing.length > 0)
    throw new UserError(`Building ${parts.map(({ name }) => name).join(", ")} needs ${missing.join(" and ")}`);
  return go;
}

/** The disk space that a build takes. It was measured with empty caches, and rounded up. */
function needs(parts: Part[], { buildCache, moduleCache }: Go, directory: string): Need[] {
  const has = (name: string) => parts.some((part) => part.name === name);
  const [build, modules, linking, tools] = has("kubernetes")
    ? [7, 5, 2, 1.5]
    : has("pulumi")
      ? [3, 2, 1, 0.5]
      : [1, 0.5, 0.5, 0.5];
  const fetched = existsSync(path.join(moduleCache, "k8s.io", `kubernetes@v${versions.kubernetes}`));
  return [
    { directory: buildCache, gigabytes: build, variable: "GOCACHE" },
    { directory: moduleCache, gigabytes: fetched ? 0.5 : modules, variable: "GOMODCACHE" },
    { directory: tmpdir(), gigabytes: linking, variable: "TMPDIR" },
    { directory, gigabytes: tools, variable: "CLUSTER_STORAGE_CACHE" },
  ];
}

/**
 * Builds in two lanes side by side. One lane is a single command for all programs that share Kubernetes' packages; it
 * keeps the cores busy as soon as its modules are downloaded. The other lane builds the small programs, one by one.
 */
async function buildAll(
  parts: Part[],
  seccomp: NodeJS.ProcessEnv,
  scratch: string,
  note: (text: string) => void,
): Promise<void> {
  const programs = parts.flatMap((part) => part.programs);
  const shared = programs.filter(({ module, alone, seccomp }) => module === "tools" && !alone && !seccomp);
  const after = programs.filter(({ alone }) => alone);
  const small = programs.filter(({ module, seccomp }) => module !== "tools" || seccomp);
  const stop = new AbortController();

  const lane = async (groups: GoProgram[][], say: (text: string) => void) => {
    for (const group of groups.filter(({ length }) => length > 0)) {
      const output = path.join(scratch, group[0]!.file.replaceAll("/", "-"));
      await fs.mkdir(output);
      await goBuild(group, { output, env: group[0]!.seccomp ? seccomp : {}, signal: stop.signal, note: say });
      for (const { package: pkg, file } of group)
        await move(path.join(output, programName(pkg)), path.join(scratch, "programs", file));
    }
  };
  const oneByOne = (list: GoProgram[]) => list.map((program) => [program]);
  const lanes = [
    lane([shared, ...oneByOne(after)], note),
    lane(oneByOne(small), shared.length > 0 ? () => undefined : note),
  ];
  await Promise.all(lanes).catch(async (error) => {
    stop.abort();
    // The other lane may still write to the directory, which is removed as soon as this function ends.
    await Promise.allSettled(lanes);
    throw error;
  });
}

async function collect(part: Part, scratch: string, directory: string): Promise<void> {
  for (const { file, links = [] } of part.programs) {
    await move(path.join(scratch, "programs", file), path.join(directory, file));
    for (const link of links) await fs.symlink(file, path.join(directory, link));
  }
  for (const { file, text } of part.scripts ?? [])
    await fs.writeFile(path.join(directory, file), text, { mode: 0o755 });
}

async function move(from: string, to: string): Promise<void> {
  await fs.mkdir(path.dirname(to), { recursive: true });
  await fs.rename(from, to);
}
