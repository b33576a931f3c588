import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertUnchanged, replaceState } from "../../../ops/pulumi/replace-state";
import { exportState } from "../../../ops/pulumi/stack";
import { fakeStack } from "../recover/fake-pulumi";
import { interrupted, recorded } from "../recover/interrupted";

const changed =
  'somebody else changed the state of stack "dev" after it was read: nothing was written to the state; run the same ' +
  "command again, which begins with the state as it is now";

describe("a state that is replaced", () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), "replace-"))));
  afterEach(() => rm(directory, { recursive: true }));
  const next = interrupted([recorded("new")]);

  it("is written where it is still what was read", async () => {
    const { stack, state, calls } = await fakeStack(directory, interrupted([recorded("old")]));
    await replaceState(stack, await exportState(stack), next);
    assert.deepEqual(await state(), JSON.parse(JSON.stringify(next)));
    assert.deepEqual(await calls(), [
      "stack export --stack dev",
      "stack export --stack dev",
      "stack import --stack dev",
    ]);
  });

  it("isn't written where somebody updated the stack after it was read, though no resource changed", async () => {
    const { stack, state, calls } = await fakeStack(directory, interrupted([recorded("old")]));
    stack.env.FAKE_MEANWHILE = "2";
    await assert.rejects(replaceState(stack, await exportState(stack), next), { name: "UserError", message: changed });
    assert.deepEqual((await state()).deployment.resources, [recorded("old")]);
    assert.deepEqual(await calls(), ["stack export --stack dev", "stack export --stack dev"]);
  });

  it("can be asked for before anything is done by it", async () => {
    const { stack } = await fakeStack(directory, interrupted([recorded("old")]));
    const read = await exportState(stack);
    await assertUnchanged(stack, read);
    stack.env.FAKE_MEANWHILE = "3";
    await assert.rejects(assertUnchanged(stack, read), { name: "UserError", message: changed });
  });
});
