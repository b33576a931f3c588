import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stack } from "../../../ops/pulumi/stack";
import type { StateExport } from "../../../ops/pulumi/state";

/**
 * A `pulumi` that keeps its state in one file and notes each command, for tests without the CLI. FAKE_MEANWHILE: the
 * number of the command before which somebody else updates the stack.
 */
const program = `#!${process.execPath}
const fs = require("node:fs");
const args = process.argv.slice(2);
const at = (name) => require("node:path").join(process.env.FAKE_DIRECTORY, name);
const always = ["--non-interactive", "--color", "never"];
fs.appendFileSync(at("calls"), args.filter((arg) => !always.includes(arg)).join(" ") + "\\n");
const meanwhile = Number(process.env.FAKE_MEANWHILE);
const count = fs.readFileSync(at("calls"), "utf8").trim().split("\\n").length;
if (count === meanwhile) {
  const theirs = JSON.parse(fs.readFileSync(at("state.json"), "utf8"));
  theirs.deployment.manifest = { time: "2026-03-01T10:00:00Z" };
  fs.writeFileSync(at("state.json"), JSON.stringify(theirs));
}
const state = JSON.parse(fs.readFileSync(at("state.json"), "utf8"));
if (args[0] === "stack" && args[1] === "ls") process.stdout.write(process.env.FAKE_STACKS);
if (args[0] === "stack" && args[1] === "export") process.stdout.write(JSON.stringify(state));
if (args[0] === "stack" && args[1] === "import") fs.writeFileSync(at("state.json"), fs.readFileSync(0));
if (args[0] === "refresh" && process.env.FAKE_REFRESH_DROPS) {
  state.deployment.resources = state.deployment.resources.filter(({ urn }) => urn !== process.env.FAKE_REFRESH_DROPS);
  fs.writeFileSync(at("state.json"), JSON.stringify(state));
}
`;

export interface FakeStack {
  stack: Stack;
  calls(): Promise<string[]>;
  state(): Promise<StateExport>;
}

/**
 * A stack `shop/dev` whose CLI is the fake one. `drops`: the URN that a refresh doesn't find any more. `others`:
 * names of stacks besides; each has the same state.
 */
export async function fakeStack(
  directory: string,
  state: StateExport,
  drops = "",
  others: string[] = [],
): Promise<FakeStack> {
  const bin = join(directory, "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "pulumi"), program, { mode: 0o755 });
  await writeFile(join(directory, "state.json"), JSON.stringify(state));
  await writeFile(join(directory, "calls"), "");
  const stacks = JSON.stringify(["dev", ...others].map((name) => ({ name })));
  const env = { PATH: bin, FAKE_DIRECTORY: directory, FAKE_REFRESH_DROPS: drops, FAKE_STACKS: stacks };
  return {
    stack: { name: "dev", project: "shop", env, program: directory, home: directory },
    calls: async () => (await readFile(join(directory, "calls"), "utf8")).split("\n").filter(Boolean),
    state: async () => JSON.parse(await readFile(join(directory, "state.json"), "utf8")) as StateExport,
  };
}
