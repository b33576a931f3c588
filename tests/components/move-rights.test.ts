import assert from "node:assert/strict";
import type { MoveBinding } from "../../model/move-rights";
import { unguarded } from "../unguarded";
import { deployConfig } from "./deployed";
import { header } from "./moved";
import { names } from "./recorded";

describe("a move", () => {
  it("has its rights before its job is made, until the job is complete, and not in the state", async () => {
    const calls: unknown[] = [];
    const asked = {
      ...unguarded,
      rights: {
        give: async ({ metadata, app, jobs }: MoveBinding) => void calls.push(["give", metadata.name, app, jobs]),
        take: async ({ metadata, app, jobs }: MoveBinding) => void calls.push(["take", metadata.name, app, jobs]),
      },
    };
    const lines = "size: 2Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, class: local-path }]";
    const made = await deployConfig(`${header}    redis: { ${lines} }\n`, asked);
    const told = ["redis-move-running", "redis-move", ["redis-data-1-to-2"]];
    assert.deepEqual(calls, [
      ["give", ...told],
      ["take", ...told],
    ]);
    assert.ok(!names(made, "RoleBinding").some((name) => name.startsWith("redis")));
  });
});
