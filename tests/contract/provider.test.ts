import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { Provider, type ProviderArgs } from "@pulumi/kubernetes/provider";
import { useNamespace } from "./cluster";
import { contractCluster } from "./environment";
import { failureOf, useStack, type Program } from "./stack";

describe("the provider", () => {
  const namespace = useNamespace();
  const stack = useStack();
  let directory: string;
  before(async () => (directory = await mkdtemp(join(tmpdir(), "contract-"))));
  after(() => rm(directory, { recursive: true }));

  const declare =
    (args: ProviderArgs): Program =>
    (_options, { kubeconfig, context }) => {
      const provider = new Provider("own", { kubeconfig, context, clusterIdentifier: "one", ...args });
      new ConfigMap("settings", { metadata: { name: "settings", namespace: namespace() } }, { provider });
    };

  it("with the same cluster identifier replaces nothing, wherever its kubeconfig is", async () => {
    await stack().up(declare({}));
    const copy = join(directory, "kubeconfig");
    await copyFile(contractCluster().kubeconfig, copy);
    const steps = await stack().preview(declare({ kubeconfig: copy }));
    assert.deepEqual([steps.own, steps.settings], ["update", "same"]);
  });

  it("with another cluster identifier is replaced, and so is all that it made", async () => {
    const steps = await stack().preview(declare({ clusterIdentifier: "two" }));
    assert.deepEqual([steps.own, steps.settings], ["replace", "replace"]);
  });

  it("of a cluster that can't be reached fails the update", async () => {
    const unreachable = join(directory, "unreachable");
    await writeFile(
      unreachable,
      JSON.stringify({
        "current-context": "x",
        clusters: [{ name: "x", cluster: { server: "https://127.0.0.1:1" } }],
        users: [{ name: "x", user: {} }],
        contexts: [{ name: "x", context: { cluster: "x", user: "x" } }],
      }),
    );
    const text = await failureOf(
      stack().up((_options) => {
        const provider = new Provider("unreachable", { kubeconfig: unreachable });
        new ConfigMap("other", { metadata: { name: "other", namespace: namespace() } }, { provider });
      }),
    );
    assert.match(text, /unreachable|can't be reached/);
  });
});
