import { join, relative, resolve } from "node:path";
import { compiled, esModule } from "../compile.cjs";
import { versionFile } from "../model/mover-version";
import { hashOf } from "./hash";

/**
 * The mover's programs, by their names in the pods. These names stay: the pod of a service whose data was brought into
 * an emptyDir (a spill) has one of them in its command, and another command would replace the pod, and lose its data.
 */
const moves: Record<string, string> = {
  "main.mjs": "mover/orchestrate/main",
  "copy.mjs": "mover/copy/main",
  "serve.mjs": "mover/wire/serve",
  "restore.mjs": "mover/restore/main",
};
const backups: Record<string, string> = {
  "backup.mjs": "mover/backup/main",
  "care.mjs": "mover/care/main",
  "metrics.mjs": "mover/metrics/main",
  "restore.mjs": "mover/restore/main",
};
const servers: Record<string, string> = { "repository.mjs": "mover/repository/main" };
const names = new Map(Object.entries({ ...moves, ...backups, ...servers }).map(([name, file]) => [file, name]));

const root = join(__dirname, "..");

/** In the order of their names: the same sources give the same ConfigMap. */
let ofMoves: Record<string, string> | undefined;
let ofBackups: Record<string, string> | undefined;
let ofServers: Record<string, string> | undefined;

/**
 * The text of every file that the mover's pods need, by its name: ES modules that import each other by these names, and
 * their version.
 */
export const moverPrograms = () => (ofMoves ??= compileAll(moves));

/** The same of a backup's pods. */
export const backupPrograms = () => (ofBackups ??= compileAll(backups));

/** The same of the pod that serves a volume as a repository. */
export const repositoryServerPrograms = () => (ofServers ??= compileAll(servers));

function compileAll(programs: Record<string, string>): Record<string, string> {
  const files = new Set(Object.values(programs));
  const found: [string, string][] = [];
  // What a file imports is added while the loop runs.
  for (const file of files) found.push([moverFile(file), compile(file, (imported) => files.add(imported))]);
  const sorted = Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...sorted, [versionFile]: hashOf(sorted) };
}

/** A file's name in the pods, where all are in one directory. `file`: its path in the repository without `.ts`. */
export const moverFile = (file: string) =>
  names.get(file) ?? `${file.replace(/^mover\//, "").replaceAll("/", ".")}.mjs`;

/** An import of one of our files, and the path of one that a thread runs, as the compiler writes them. */
const imported = /(?<= from )"(\.[^"]+)"(?=;$)|require\.resolve\("(\.[^"]+)"\)/gm;

function compile(file: string, onImport: (imported: string) => void): string {
  const path = join(root, `${file}.ts`);
  return compiled(path, esModule).replaceAll(imported, (_, module?: string, thread = "") => {
    const target = relative(root, resolve(path, "..", module ?? thread));
    onImport(target);
    const name = `"./${moverFile(target)}"`;
    return module ? name : `new URL(${name}, import.meta.url)`;
  });
}
