import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backupPrograms, moverFile, moverPrograms, repositoryServerPrograms } from "../../components/mover-programs";
import { sshLibrary, sshLibraryFile } from "../../components/ssh-library";

/** The mover's modules that tests call, by their paths in `mover/`. */
interface Modules {
  "backup/context": typeof import("../../mover/backup/context");
  "backup/lease": typeof import("../../mover/backup/lease");
  "backup/run": typeof import("../../mover/backup/run");
  "care/context": typeof import("../../mover/care/context");
  "care/run": typeof import("../../mover/care/run");
  "copy/hashing": typeof import("../../mover/copy/hashing");
  "copy/staging": typeof import("../../mover/copy/staging");
  "leave/backup-manifest": typeof import("../../mover/leave/backup-manifest");
  "leave/exec": typeof import("../../mover/leave/exec");
  "leave/fill": typeof import("../../mover/leave/fill");
  "orchestrate/context": typeof import("../../mover/orchestrate/context");
  "orchestrate/pods": typeof import("../../mover/orchestrate/pods");
  "orchestrate/run": typeof import("../../mover/orchestrate/run");
  "orchestrate/tries": typeof import("../../mover/orchestrate/tries");
  "wire/api": typeof import("../../mover/wire/api");
  "wire/remote-requests": typeof import("../../mover/wire/remote-requests");
  "metrics/serve": typeof import("../../mover/metrics/serve");
  "wire/serving": typeof import("../../mover/wire/serving");
}

let directory: string | undefined;

/** A directory with the mover's programs as its pods have them, made once and removed at the end of the process. */
export const moverDirectory = () => (directory ??= writeAll());

function writeAll(): string {
  const made = mkdtempSync(join(tmpdir(), "mover-programs-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  // Some tests run a program as another user.
  chmodSync(made, 0o755);
  const programs = {
    ...repositoryServerPrograms(),
    [sshLibraryFile]: sshLibrary(),
    ...backupPrograms(),
    // The last, because the file with the version is that of a move's pods.
    ...moverPrograms(),
  };
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(made, name), text);
  return made;
}

/** A module of the mover as its pods have it. */
export const loadMover = <Name extends keyof Modules>(name: Name) =>
  createRequire(__filename)(join(moverDirectory(), moverFile(`mover/${name}`))) as Modules[Name];
