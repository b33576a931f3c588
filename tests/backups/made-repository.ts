import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cheapen } from "./cheap-key";

/** The password of the tests' repositories. */
export const password = "right";

let made: string | undefined;

/** A repository that the real restic has made, once a process: it takes seconds for a key. Each test has a copy. */
function makeOnce(restic: string): string {
  if (made !== undefined) return made;
  const directory = mkdtempSync(join(tmpdir(), "made-repository-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const repository = join(directory, "repository");
  execFileSync(restic, ["init", "--repo", repository, "--no-cache"], {
    env: { PATH: process.env.PATH, RESTIC_PASSWORD: password },
  });
  cheapen(repository, password);
  return (made = repository);
}

/** Puts an empty repository into a directory that is there or not; its files belong to whom the directory does. */
export function copyRepository(restic: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const { uid, gid } = statSync(existsSync(to) ? to : dirname(to));
  mkdirSync(to, { recursive: true });
  execFileSync("cp", ["-a", `${makeOnce(restic)}/.`, to]);
  execFileSync("chown", ["-R", `${uid}:${gid}`, to]);
}

/** Writes a program to this path that is restic, but for the making of a repository, which it copies. */
export function writeCopying(restic: string, path: string): string {
  const copy = `exec cp -a "${makeOnce(restic)}" "$RESTIC_REPOSITORY"`;
  const script = `#!/bin/sh\ncase " $* " in *" init "*) ${copy} ;; esac\nexec "${restic}" "$@"\n`;
  writeFileSync(path, script, { mode: 0o755 });
  return path;
}
