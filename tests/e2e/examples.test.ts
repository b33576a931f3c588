import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { backendTypes } from "../../backends/catalogue";
import { checkout } from "../../ops/pulumi/project";
import { useCluster } from "./fixture";
import { otherStack, pulumiOn, type OtherConfig } from "./other-stack";
import { removeStack } from "./state";

const directory = join(checkout, "examples");
const standard = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "standard" } };

/**
 * What an example says of its backends and services; the cluster it is tried on has neither its nodes nor its servers,
 * and tests ask no repository of charts outside this machine.
 */
function example(type: string): OtherConfig {
  const { config } = parse(readFileSync(join(directory, type, `Pulumi.${type}.yaml`), "utf8")) as {
    config: Record<string, Record<string, object>>;
  };
  const skip = [...(backendTypes.get(type)?.checks ?? []), { id: "chart-source" }].map(({ id }) => ({
    check: id,
    reason: "another cluster's nodes are meant",
  }));
  return {
    backends: config["cluster-storage:backends"]!,
    services: config["cluster-storage:services"]!,
    preflight: { skip },
  };
}

describe("the examples", () => {
  const cluster = useCluster();

  before("a cluster with a class of its own", async function () {
    this.timeout(300_000);
    await removeStack(cluster());
    await cluster().kube.objects.create({ ...standard, provisioner: "example.com/none" } as never);
  });
  after(() =>
    cluster()
      ?.kube.objects.delete(standard)
      .catch(() => undefined),
  );

  for (const type of readdirSync(directory)) {
    it(`${type} passes preview`, async () => {
      const { exitCode, printed } = await pulumiOn(cluster(), otherStack(cluster(), type), example(type), ["preview"]);
      assert.equal(exitCode, 0, printed);
      assert.match(printed, /\+ \d+ to create/);
    });
  }
});
