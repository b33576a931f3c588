import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { replaceState } from "../../ops/pulumi/replace-state";
import { exportState, type Stack } from "../../ops/pulumi/stack";
import type { StateExport } from "../../ops/pulumi/state";
import { contractCluster, temporaryPulumi, type PulumiHome } from "./environment";

const urnOf = (name: string) => `urn:pulumi:dev::replaced::contract:index:Mark::${name}`;

/** The state with one more resource, a component, which needs neither a provider nor a cluster. */
const withMark = (state: StateExport, name: string): StateExport => ({
  ...state,
  deployment: {
    ...state.deployment,
    resources: [...(state.deployment.resources ?? []), { urn: urnOf(name), type: "contract:index:Mark" }],
  },
});

describe("a state that is replaced, on the real CLI and a file backend", () => {
  let home: PulumiHome;
  let directory: string;
  let stack: Stack;
  before(async () => {
    home = await temporaryPulumi(contractCluster().kubeconfig);
    directory = await mkdtemp(join(tmpdir(), "contract-"));
    await writeFile(join(directory, "Pulumi.yaml"), "name: replaced\nruntime: nodejs\n");
    // The copy of a state that is put back goes where the user's other states are.
    process.env.CLUSTER_STORAGE_STATE = directory;
    const { env, backend } = home;
    stack = { name: "dev", project: "replaced", env, program: directory, home: directory, backend };
    await execa("pulumi", ["stack", "init", "dev", "--non-interactive"], { cwd: directory, env, extendEnv: false });
    await replaceState(stack, await exportState(stack), withMark(await exportState(stack), "first"));
  });
  after(async () => {
    delete process.env.CLUSTER_STORAGE_STATE;
    await home.remove();
    await rm(directory, { recursive: true });
  });

  const marks = async () => (await exportState(stack)).deployment.resources?.map(({ urn }) => urn.split("::").at(-1));

  /** The stack as this command reaches it, where somebody else writes the state just before or after this command. */
  async function overtaken(when: "before" | "after", mark: string): Promise<Stack> {
    const [theirs, bin] = [join(directory, "theirs.json"), join(directory, "bin")];
    await writeFile(theirs, JSON.stringify(withMark(await exportState(stack), mark)));
    await mkdir(bin, { recursive: true });
    const real = (await execa("which", ["pulumi"], { env: stack.env, extendEnv: false })).stdout;
    const ours = when === "after" ? `${real} "$@" || exit 8; ` : "";
    const once =
      `if [ "$1 $2" = "stack import" ] && mv ${theirs} ${theirs}.taken 2>/dev/null; then ` +
      `${ours}${real} stack import --stack dev --file ${theirs}.taken >/dev/null || exit 9; ${ours && "exit 0; "}fi`;
    await writeFile(join(bin, "pulumi"), `#!/bin/sh\n${once}\nexec ${real} "$@"\n`, { mode: 0o755 });
    return { ...stack, env: { ...stack.env, PATH: [bin, stack.env.PATH].join(delimiter) } };
  }

  it("isn't written where somebody else wrote it after it was read", async () => {
    const read = await exportState(stack);
    await replaceState(stack, read, withMark(read, "second"));
    await assert.rejects(replaceState(stack, read, withMark(read, "third")), {
      name: "UserError",
      message:
        'somebody else changed the state of stack "dev" after it was read: nothing was written to the state; run the ' +
        "same command again, which begins with the state as it is now",
    });
    assert.deepEqual(await marks(), ["first", "second"]);
  });

  it("is what somebody else wrote, where they did so in the very moment of this command's writing", async () => {
    const read = await exportState(stack);
    let message = "";
    await assert.rejects(
      replaceState(await overtaken("before", "theirs"), read, withMark(read, "third")),
      (error: Error) => {
        message = error.message;
        return error.name === "UserError";
      },
    );
    assert.deepEqual(await marks(), ["first", "second", "theirs"]);
    const said = new RegExp(
      '^somebody else updated stack "dev" in the moment in which its state was written\\. ' +
        "Their state was put back, and nothing of this command is in it; " +
        "a copy of it is (\\S+)\\. Run the same command again$",
    );
    const [, file = ""] = said.exec(message) ?? [];
    assert.notEqual(file, "", message);
    const kept = JSON.parse(await readFile(file, "utf8")) as StateExport;
    assert.deepEqual(
      kept.deployment.resources?.map(({ urn }) => urn.split("::").at(-1)),
      ["first", "second", "theirs"],
    );
  });

  it("stays what somebody else wrote right after this command, which lost nothing", async () => {
    const read = await exportState(stack);
    await replaceState(await overtaken("after", "later"), read, withMark(read, "third"));
    assert.deepEqual(await marks(), ["first", "second", "theirs", "later"]);
  });

  it("is refused while somebody else's update has the stack", async () => {
    const locks = join(home.backend, ".pulumi/locks/organization/replaced/dev");
    await mkdir(locks, { recursive: true });
    const lock = join(locks, "0.json");
    await writeFile(
      lock,
      JSON.stringify({ pid: 1, username: "ann", hostname: "elsewhere", timestamp: "2026-01-02T10:00:00Z" }),
    );
    const read = await exportState(stack);
    await assert.rejects(replaceState(stack, read, withMark(read, "third")), {
      name: "UserError",
      message: 'stack "dev" is locked by another update; if that update is dead: npm run recover -- --stack dev',
    });
    await rm(lock);
    assert.deepEqual(await marks(), ["first", "second", "theirs", "later"]);
  });
});
