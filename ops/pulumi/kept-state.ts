import { mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { stateDir } from "../../local-cluster/paths";
import type { Stack } from "./stack";
import type { StateExport } from "./state";

/** Keeps a copy of a state, which only this user can read, and returns its file. `pulumi stack import` takes it. */
export async function keepState({ project, name }: Stack, state: StateExport): Promise<string> {
  const directory = path.join(stateDir(), "kept-states");
  const time = new Date().toISOString().replaceAll(/[:.]/g, "-");
  const file = path.join(directory, `${project}.${name}.${time}.json`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify(state), { mode: 0o600, flag: "wx", flush: true });
  return file;
}
