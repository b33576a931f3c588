import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { ApiException } from "@kubernetes/client-node";
import type { Kube } from "../../../kube/client";
import { recoverStack } from "../../../ops/recover/run";
import type { StateExport, StateResource } from "../../../ops/pulumi/state";
import { fakeStack } from "./fake-pulumi";
import { recoveryHooks } from "./hooks";

const claimType = "kubernetes:core/v1:PersistentVolumeClaim";
const urnOf = (name: string) => `urn:pulumi:dev::shop::${claimType}::${name}`;
const claim = (name: string): StateResource => ({
  urn: urnOf(name),
  type: claimType,
  custom: true,
  inputs: { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace: "cache" } },
});
const recorded = (name: string): StateResource => ({ ...claim(name), id: `cache/${name}` });
const interrupted = (resources: StateResource[], ...creating: string[]): StateExport => ({
  version: 3,
  deployment: { resources, pending_operations: creating.map((name) => ({ type: "creating", resource: claim(name) })) },
});

/** A cluster that has these claims, each with its stack. */
function cluster(owners: Record<string, string | undefined>): () => Kube {
  const read = async ({ metadata }: { metadata: { name: string; namespace: string } }) => {
    if (!(metadata.name in owners)) throw new ApiException(404, "not found", undefined, {});
    const owner = owners[metadata.name];
    return { metadata: { ...metadata, annotations: owner === undefined ? {} : { "cluster-storage/stack": owner } } };
  };
  return () => ({ core: { listNamespace: async () => ({}) }, objects: { read } }) as unknown as Kube;
}
const unreachable = (): Kube => {
  throw new Error("nobody should have asked the cluster");
};

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
    assert.deepEqual(await fake.calls(), ["stack export --stack dev", "stack import --stack dev"]);
  });

  it("puts the state back when a claim is gone from the cluster, rather than have it made again, empty", async () => {
    const state = interrupted([recorded("old")]);
    state.deployment.pending_operations = [{ type: "updating", resource: recorded("old") }];
    const fake = await fakeStack(recovery.directory, state, urnOf("old"));
    await assert.rejects(recoverStack(fake.stack, unreachable, { say }), {
      name: "UserError",
      message:
        "the cluster no longer has PersistentVolumeClaim old, which the state records: put the state back as it was. " +
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

  it("changes nothing when the cluster doesn't answer", async () => {
    const fake = await fakeStack(recovery.directory, interrupted([], "made"));
    await assert.rejects(recoverStack(fake.stack, unreachable, { say }));
    assert.deepEqual(await fake.calls(), ["stack export --stack dev"]);
  });

  describe("with a file backend", () => {
    const locks = () => join(recovery.directory, ".pulumi/locks/organization/shop/dev");
    const lockOf = async (pid: number, host: string) => {
      await mkdir(locks(), { recursive: true });
      await writeFile(
        join(locks(), "a.json"),
        JSON.stringify({ pid, username: "ann", hostname: host, timestamp: new Date() }),
      );
    };
    const checkpoint = async (state: StateExport) => {
      await mkdir(join(recovery.directory, ".pulumi/stacks/shop"), { recursive: true });
      await writeFile(
        join(recovery.directory, ".pulumi/stacks/shop/dev.json"),
        JSON.stringify({ version: 3, checkpoint: { latest: state.deployment } }),
      );
    };

    it("frees a dead process's lock, without starting the CLI where nothing else is wrong", async () => {
      const fake = await fakeStack(recovery.directory, interrupted([]));
      await checkpoint(interrupted([]));
      await lockOf(4_194_305, hostname());
      const result = await recoverStack({ ...fake.stack, backend: recovery.directory }, unreachable, { say });
      assert.deepEqual(result, { clean: false, left: [] });
      assert.match(said.join("\n"), /^freed the lock of .*: process 4194305 of this host is gone$/);
      assert.deepEqual(await readdir(locks()), []);
      assert.deepEqual(await fake.calls(), []);
    });

    it("waits for an update that still runs, and goes on when it is dead", async () => {
      const fake = await fakeStack(recovery.directory, interrupted([]));
      await checkpoint(interrupted([]));
      // A process by that name; what it does is all the same.
      await copyFile(process.execPath, join(recovery.directory, "pulumi"));
      const update = spawn(join(recovery.directory, "pulumi"), ["-e", "setInterval(() => {}, 1000)"], {
        stdio: "ignore",
      });
      try {
        await lockOf(update.pid ?? 0, hostname());
        const stack = { ...fake.stack, backend: recovery.directory };
        await assert.rejects(recoverStack(stack, unreachable, { say }), {
          name: "UserError",
          message: new RegExp(
            String.raw`^stack "dev" is locked, nothing was changed: held by ann@\S+, process \d+, since \S+: ` +
              String.raw`it is still running$`,
          ),
        });
        assert.deepEqual(await readdir(locks()), ["a.json"]);
        const recovering = recoverStack(stack, unreachable, { say, wait: 20_000 });
        setTimeout(() => update.kill("SIGKILL"), 200);
        assert.deepEqual(await recovering, { clean: false, left: [] });
      } finally {
        update.kill("SIGKILL");
      }
      assert.match(said[0] ?? "", /^waiting for the update that has the stack: held by ann@/);
      assert.match(said[1] ?? "", /^freed the lock of .* is gone$/);
      assert.deepEqual(await readdir(locks()), []);
    });

    it("touches nothing under another host's lock", async () => {
      const fake = await fakeStack(recovery.directory, interrupted([], "made"));
      await checkpoint(interrupted([], "made"));
      await lockOf(4_194_305, "elsewhere");
      await assert.rejects(
        recoverStack({ ...fake.stack, backend: recovery.directory }, unreachable, { say }),
        (error: Error) => {
          assert.equal(error.name, "UserError");
          assert.match(
            error.message,
            new RegExp(
              String.raw`^stack "dev" is locked, nothing was changed: held by ann@elsewhere, process 4194305, ` +
                String.raw`since .*: another host, so nothing here can tell whether it still runs$`,
            ),
          );
          return true;
        },
      );
      assert.deepEqual(await readdir(locks()), ["a.json"]);
      assert.deepEqual(await fake.calls(), []);
    });

    it("goes on with a restored state", async () => {
      const fake = await fakeStack(recovery.directory, interrupted([], "made"));
      await checkpoint(interrupted([], "made"));
      const file = join(recovery.directory, ".pulumi/stacks/shop/dev.json");
      await writeFile(
        `${file}.bak`,
        JSON.stringify({ version: 3, checkpoint: { latest: interrupted([], "made").deployment } }),
      );
      await writeFile(file, "{");
      await recoverStack({ ...fake.stack, backend: recovery.directory }, cluster({ made: "shop/dev" }), { say });
      assert.match(said[0] ?? "", /^the state file could not be read: restored/);
      assert.equal(said[1], "PersistentVolumeClaim made was created but not recorded: recorded in the state");
    });

    it("has nothing to do for a stack that was never made", async () => {
      const fake = await fakeStack(recovery.directory, interrupted([]));
      const result = await recoverStack(
        { ...fake.stack, backend: recovery.directory, program: "/elsewhere" },
        unreachable,
        { say },
      );
      assert.deepEqual(result, { clean: true, left: [] });
      assert.deepEqual(await fake.calls(), []);
    });
  });
});
