import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { PatchStrategy } from "@kubernetes/client-node";
import { stackError } from "./cli";
import { doctor, namespace, ownObjects, pulumiOn, removeNamespace, useOwnStack } from "./identity-ground";
import { opsIn, run } from "./two-stacks";

/** The stack was renamed, or its cluster was made anew: nothing in the cluster is the state's by its name any more. */
describe("a stack that isn't where it was", () => {
  const ground = useOwnStack();
  const kube = () => ground().cluster.kube;
  const recover = (...args: string[]) =>
    opsIn(ground().stacks, ["recover", "--stack", "new", ...args], { CLUSTER_STORAGE_STATE: kept() });
  const kept = () => join(ground().stacks.directory, "..", "kept");
  const password = async () => (await kube().core.readNamespacedSecret({ name: "redis", namespace })).data;
  const claim = () => kube().core.readNamespacedPersistentVolumeClaim({ name: "redis-data", namespace });

  describe("after pulumi stack rename", () => {
    before(() => run(ground().stacks, "pulumi", "stack", "rename", "new", "--stack", "old"));

    it("is refused an update, which names the command", async () => {
      const { exitCode, printed } = await pulumiOn(ground().stacks, "preview");
      assert.equal(exitCode, 1, printed);
      assert.equal(
        stackError(printed),
        'the config of stack "new" has 1 fault, so nothing was changed:\n' +
          `  cluster-storage:services: claim redis-data in namespace ${namespace} is this stack's by its uid and ` +
          "bears the mark of stack cluster-storage/old; if this stack was renamed from that one (pulumi stack " +
          "rename): npm run recover -- --renamed-from old --stack new takes over what bears the old name, and " +
          "changes no data; if both stacks exist, only one of them may have the claim",
      );
    });

    it("takes over nothing that bears another name than the one given", async () => {
      const before = await ownObjects(ground().cluster);
      const { exitCode, printed } = await recover("--renamed-from", "older");
      assert.equal(exitCode, 1);
      assert.match(
        printed,
        /^nothing was taken over, because:\n- .* and \d+ more of the state bear the mark of cluster-storage\/old, not /,
      );
      assert.deepEqual(await ownObjects(ground().cluster), before);
    });

    it("takes over the rest where it was killed half-way, and restarts nothing", async () => {
      const before = await ownObjects(ground().cluster);
      await kube().objects.patch(
        {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: namespace, annotations: { "cluster-storage/stack": "cluster-storage/new" } },
        },
        undefined,
        undefined,
        undefined,
        undefined,
        PatchStrategy.MergePatch,
      );
      const { exitCode, printed } = await recover("--renamed-from", "old");
      assert.equal(exitCode, 0, printed);
      assert.match(
        printed,
        /^\d+ objects of the state, found by uid, had the mark of cluster-storage\/old and now have that of cluster/,
      );
      assert.deepEqual(await ownObjects(ground().cluster), { ...before, marks: ["cluster-storage/new"] });
    });

    it("has nothing to do the second time, and the next update goes on with the same claim", async () => {
      const { exitCode, printed } = await recover("--renamed-from", "old");
      assert.deepEqual(
        [exitCode, printed],
        [
          0,
          'every object of stack "new" bears the mark of cluster-storage/new already, so there was nothing to take ' +
            "over",
        ],
      );
      const { uid } = (await claim()).metadata!;
      const up = await pulumiOn(ground().stacks, "up", "--yes", "--skip-preview");
      assert.equal(up.exitCode, 0, up.printed);
      assert.equal((await claim()).metadata?.uid, uid);
    });
  });

  describe("in a cluster that was made anew under its context", () => {
    const system = async () => (await kube().core.readNamespace({ name: "kube-system" })).metadata!;
    const refused = async (why: RegExp) => {
      const { exitCode, printed } = await recover("--new-cluster", "--yes");
      assert.equal(exitCode, 1, printed);
      assert.match(printed, why);
    };
    let secret: Awaited<ReturnType<typeof password>>;
    let uid: string | undefined;

    before(async () => {
      [secret, uid] = [await password(), (await claim()).metadata?.uid];
    });

    it("forgets nothing while the context leads to the stack's cluster", async () => {
      await refused(/^nothing was forgotten, because:\n- Context ".*" leads to the very cluster that the last update/);
      await doctor(ground().stacks, (resource) =>
        resource.type === "pulumi:pulumi:Stack"
          ? { ...resource, outputs: { ...resource.outputs, cluster: { uid: "before" } } }
          : resource,
      );
      await refused(
        /- (\d+) of the stack's \1 objects are in the cluster of context ".*", with the uids that the state/,
      );
    });

    it("forgets nothing for a cluster that was there all along", async function () {
      this.timeout(120_000);
      await removeNamespace(ground().cluster);
      await refused(
        /- The cluster of context ".*" was made at .*, and the stack still made objects in its own cluster at/,
      );
    });

    it("is refused an update, which names the command", async () => {
      await doctor(ground().stacks, ({ outputs = {}, ...resource }) => {
        const { metadata } = outputs as { metadata?: object };
        const old = { ...metadata, creationTimestamp: "2020-01-01T00:00:00Z" };
        return { ...resource, outputs: metadata ? { ...outputs, metadata: old } : outputs };
      });
      const { printed } = await pulumiOn(ground().stacks, "preview");
      const { uid: now, creationTimestamp } = await system();
      assert.ok(
        stackError(printed).includes(
          `(kube-system ${now}, made at ${creationTimestamp?.toISOString()}, not before); if`,
        ),
        printed,
      );
      assert.ok(printed.includes("npm run recover -- --new-cluster --stack new"), printed);
    });

    it("forgets the old one's objects when asked by name, keeps a copy, and begins empty", async function () {
      this.timeout(180_000);
      const asked = await recover("--new-cluster");
      assert.equal(asked.exitCode, 1);
      assert.match(asked.printed, /^ {2}identity-cache\/redis-data, 1Gi$/m);
      assert.match(asked.printed, /^nothing was changed: there is no terminal to confirm on; pass --yes$/m);
      const { exitCode, printed } = await recover("--new-cluster", "--yes");
      assert.equal(exitCode, 0, printed);
      const [copy] = await readdir(join(kept(), "kept-states"));
      assert.ok(printed.includes(join(kept(), "kept-states", copy!)), printed);
      assert.match((await recover("--new-cluster")).printed, /has no cluster's objects, so there is nothing to forget/);
      const up = await pulumiOn(ground().stacks, "up", "--yes", "--skip-preview");
      assert.equal(up.exitCode, 0, up.printed);
      assert.notEqual((await claim()).metadata?.uid, uid);
      assert.deepEqual(await password(), secret);
    });
  });
});
