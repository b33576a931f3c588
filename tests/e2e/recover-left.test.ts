import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import * as os from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ifFound } from "../../kube/client";
import { ops } from "./cli";
import { instance, useDeployedStack } from "./fixture";
import { addPending, creating } from "./pending";

const own = { CLUSTER_STORAGE_INSTANCE: instance };

describe("recover, after kills that left something behind", () => {
  const cluster = useDeployedStack();
  const recover = () => ops(["recover"], own);

  it("takes away what Helm keeps of an installation that was cut off, and leaves what is deployed", async () => {
    const { core } = cluster().kube;
    const record = (name: string, status: string) => {
      const packed = gzipSync(JSON.stringify({ chart: { metadata: { name: "longhorn" } } })).toString("base64");
      return core.createNamespacedSecret({
        namespace: "default",
        body: {
          metadata: { name: `sh.helm.release.v1.${name}.v1`, labels: { owner: "helm", name, status, version: "1" } },
          type: "helm.sh/release.v1",
          data: { release: Buffer.from(packed).toString("base64") },
        },
      });
    };
    const release = (name: string) =>
      creating("kubernetes:helm.sh/v3:Release", name, {
        name,
        namespace: "default",
        chart: "longhorn",
        version: "1.0.0",
      });
    const kept = async (name: string) =>
      (await ifFound(core.readNamespacedSecret({ namespace: "default", name: `sh.helm.release.v1.${name}.v1` }))) !==
      undefined;
    await record("cut-off", "pending-install");
    await record("whole", "deployed");
    try {
      await addPending(cluster(), [release("cut-off"), release("whole")]);
      const { exitCode, printed } = await recover();
      assert.equal(exitCode, 1, printed);
      assert.deepEqual(printed.split("\n").slice(0, 2), [
        "Release cut-off was not installed to its end (pending-install): its record sh.helm.release.v1.cut-off.v1 " +
          "was removed, and the next update installs it over what is there: pending operation dropped",
        "Release whole exists as Helm release default/whole (deployed). Take it into the state, which changes " +
          "nothing in the cluster: pulumi import kubernetes:helm.sh/v3:Release whole default/whole: " +
          "NOT recorded and not " +
          "touched",
      ]);
      assert.deepEqual([await kept("cut-off"), await kept("whole")], [false, true]);
    } finally {
      await ifFound(core.deleteNamespacedSecret({ namespace: "default", name: "sh.helm.release.v1.whole.v1" }));
    }
  });

  it("removes what a killed writer of the stack's file left", async () => {
    const stacks = await mkdtemp(join(os.tmpdir(), "stacks-"));
    const file = join(stacks, "Pulumi.dev.yaml");
    await writeFile(file, "config: {}\n");
    await writeFile(`${file}.4194303-0123abcd.new`, "half");
    const { exitCode, printed } = await ops(["recover"], { ...own, CLUSTER_STORAGE_STACKS: stacks });
    assert.deepEqual(
      [exitCode, printed, await readdir(stacks)],
      [
        0,
        `removed ${file}.4194303-0123abcd.new: it was to take the stack file's place, and its writer is gone`,
        ["Pulumi.dev.yaml"],
      ],
    );
    await rm(stacks, { recursive: true });
  });
});
