import assert from "node:assert/strict";
import type { MoveBinding } from "../../model/move-rights";
import { unguarded } from "../unguarded";
import { deployConfig } from "./deployed";
import { header } from "./moved";
import { names } from "./recorded";

const lines = "size: 2Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, class: local-path }]";

/** What is asked of the cluster for the rights of a move of Redis, and all that is made. */
async function moved(made: boolean) {
  const calls: unknown[] = [];
  const say = (what: string, { metadata, app, jobs, role }: MoveBinding) =>
    void calls.push([what, metadata.name, app, jobs, role]);
  const rights = {
    give: async (binding: MoveBinding) => say("give", binding),
    take: async (binding: MoveBinding) => say("take", binding),
  };
  const all = await deployConfig(`${header}    redis: { ${lines} }\n`, { ...unguarded, rights }, made);
  return { calls, all };
}

describe("a move", () => {
  it("has its rights before its job is made, until the job is complete, and not in the state", async () => {
    const { calls, all } = await moved(true);
    const told = ["redis-move-running", "redis-move", ["redis-data-1-to-2"], "uid-of-redis-move"];
    assert.deepEqual(calls, [
      ["give", ...told],
      ["take", ...told],
    ]);
    assert.ok(!names(all, "RoleBinding").some((name) => name.startsWith("redis")));
  });

  it("asks for none where an update with --target makes neither its role nor its job", async () => {
    const { calls, all } = await moved(false);
    assert.deepEqual(calls, []);
    assert.ok(names(all, "Job").some((name) => name.startsWith("redis")));
  });
});
