import assert from "node:assert/strict";
import { recoverStack } from "../../../ops/recover/run";
import { fakeStack } from "./fake-pulumi";
import { recoveryHooks } from "./hooks";
import { urnOf, recorded, interrupted, cluster, unreachable } from "./interrupted";

describe("recoverStack", () => {
  const recovery = recoveryHooks();
  const { said, say } = recovery;

  it("records what was created, forgets what wasn't, and reads only the former again", async () => {
    const fake = await fakeStack(recovery.directory, interrupted([recorded("old")], "made", "never"));
    const result = await recoverStack(fake.stack, cluster({ made: "shop/dev" }), { say });
    assert.deepEqual(result, { clean: false, left: [] });
    assert.deepEqual(said, [
      "PersistentVolumeClaim made was created but not recorded: recorded in the state",
      "PersistentVolumeClaim never was never created: pending operation dropped",
    ]);
    const { deployment } = await fake.state();
    assert.deepEqual(
      deployment.resources?.map(({ urn, id }) => [urn, id]),
      [
        [urnOf("old"), "cache/old"],
        [urnOf("made"), "cache/made"],
      ],
    );
    assert.equal(deployment.pending_operations, undefined);
    assert.deepEqual(
      (await fake.calls()).filter((call) => call.startsWith("refresh")),
      [`refresh --yes --skip-preview --stack dev --target ${urnOf("made")}`],
    );
  });

  it("does nothing the second time", async () => {
    const fake = await fakeStack(recovery.directory, interrupted([], "made"));
    await recoverStack(fake.stack, cluster({ made: "shop/dev" }), { say });
    const before = (await fake.calls()).length;
    assert.deepEqual(await recoverStack(fake.stack, unreachable, { say }), { clean: true, left: [] });
    assert.deepEqual((await fake.calls()).slice(before), ["stack export --stack dev"]);
  });

  it("leaves somebody else's object alone, and still recovers the rest", async () => {
    const fake = await fakeStack(recovery.directory, interrupted([], "theirs", "made"));
    const result = await recoverStack(fake.stack, cluster({ theirs: "shop/prod", made: "shop/dev" }), { say });
    assert.deepEqual(result, { clean: false, left: [urnOf("theirs")] });
    assert.equal(
      said[0],
      "PersistentVolumeClaim theirs exists as cache/theirs and belongs to the stack shop/prod: NOT recorded " +
        "and not touched",
    );
    assert.deepEqual(
      (await fake.state()).deployment.resources?.map(({ urn }) => urn),
      [urnOf("made")],
    );
  });

  it("doesn't ask the cluster about what isn't in it, nor refresh where nothing was adopted", async () => {
    const operation = {
      type: "creating",
      resource: {
        urn: "urn:pulumi:dev::shop::random:index/randomPassword:RandomPassword::p",
        type: "random:index/randomPassword:RandomPassword",
      },
    };
    const fake = await fakeStack(recovery.directory, {
      version: 3,
      deployment: { resources: [], pending_operations: [operation] },
    });
    await recoverStack(fake.stack, unreachable, { say });
    assert.deepEqual(await fake.calls(), [
      "stack export --stack dev",
      "stack export --stack dev",
      "stack import --stack dev",
    ]);
  });

  it("puts the state back when a claim is gone from the cluster, rather than have it made again, empty", async () => {
    const state = interrupted([recorded("old")]);
    state.deployment.pending_operations = [{ type: "updating", resource: recorded("old") }];
    const fake = await fakeStack(recovery.directory, state, urnOf("old"));
    await assert.rejects(recoverStack(fake.stack, unreachable, { say }), {
      name: "UserError",
      message:
        "the cluster no longer has PersistentVolumeClaim old, which the state records; the state was put back " +
        "as it was. " +
        "Where the data is meant to be gone: pulumi refresh --stack dev",
    });
    assert.deepEqual((await fake.state()).deployment.resources, [recorded("old")]);
  });

  it("takes a claim for gone whose own deletion was under way", async () => {
    const state = interrupted([recorded("old"), recorded("kept")]);
    state.deployment.pending_operations = [{ type: "deleting", resource: recorded("old") }];
    const fake = await fakeStack(recovery.directory, state, urnOf("old"));
    assert.deepEqual(await recoverStack(fake.stack, unreachable, { say }), { clean: false, left: [] });
    assert.deepEqual((await fake.state()).deployment.resources, [recorded("kept")]);
    assert.deepEqual(said, ["PersistentVolumeClaim old was interrupted while deleting: read again"]);
  });

  it("writes nothing where somebody else updated the stack meanwhile", async () => {
    const fake = await fakeStack(recovery.directory, interrupted([recorded("old")], "made"));
    fake.stack.env.FAKE_MEANWHILE = "2";
    await assert.rejects(recoverStack(fake.stack, cluster({ made: "shop/dev" }), { say }), {
      name: "UserError",
      message:
        'somebody else changed the state of stack "dev" after it was read: nothing was written to the state; run the ' +
        "same command again, which begins with the state as it is now",
    });
    assert.deepEqual((await fake.state()).deployment.pending_operations?.length, 1);
    assert.deepEqual(said, []);
    assert.deepEqual(await fake.calls(), ["stack export --stack dev", "stack export --stack dev"]);
  });

  it("changes nothing when the cluster doesn't answer", async () => {
    const fake = await fakeStack(recovery.directory, interrupted([], "made"));
    await assert.rejects(recoverStack(fake.stack, unreachable, { say }));
    assert.deepEqual(await fake.calls(), ["stack export --stack dev"]);
  });
});
