import assert from "node:assert/strict";
import { describeLone, isLone, pluginOf, type PluginProcess } from "../../../ops/pulumi/plugins";
import type { Stack } from "../../../ops/pulumi/stack";

describe("a plugin of Pulumi's that goes on alone", () => {
  const stack: Stack = {
    name: "dev",
    project: "shop",
    env: { PULUMI_BACKEND_URL: "file:///state" },
    program: "/work",
    home: "/state/project",
  };
  const plugin = (more: Partial<PluginProcess> = {}): PluginProcess => ({
    command: ["/home/me/.pulumi/plugins/resource-kubernetes-v4.32.0/pulumi-resource-kubernetes", "127.0.0.1:1"],
    cwd: "/work",
    env: new Map([
      ["PULUMI_BACKEND_URL", "file:///state"],
      ["PULUMI_PROJECT", "shop"],
    ]),
    parent: "systemd",
    ...more,
  });

  it("is known by its program, or by its script", () => {
    assert.equal(pluginOf(plugin().command), "pulumi-resource-kubernetes");
    assert.equal(pluginOf(["/bin/sh", "/x/pulumi-resource-command", "127.0.0.1:1"]), "pulumi-resource-command");
    assert.equal(
      pluginOf(["/bin/node", "--quiet", "/w/local-cluster/plugins/launch.cjs", "kubernetes", "127.0.0.1:1"]),
      "pulumi-resource-kubernetes",
    );
    for (const other of [["/bin/pulumi", "up"], ["vi", "/x/pulumi-resource-kubernetes.md"], [], ["kubelet"]])
      assert.equal(pluginOf(other), undefined, other.join(" "));
  });

  it("is this stack's by its state, its project and its directory", () => {
    assert.ok(isLone(plugin(), stack));
    assert.ok(isLone(plugin({ env: new Map() }), stack));
    assert.ok(isLone(plugin(), { ...stack, env: {} }));
    assert.ok(!isLone(plugin({ parent: "pulumi" }), stack));
    assert.ok(!isLone(plugin({ cwd: "/work/second" }), stack));
    assert.ok(!isLone(plugin(), { ...stack, project: "other" }));
    assert.ok(!isLone(plugin(), { ...stack, env: { PULUMI_BACKEND_URL: "file:///other" } }));
    assert.ok(!isLone(plugin({ command: ["/bin/pulumi", "up"] }), stack));
  });

  it("is named, with what can be done about it", () => {
    const one = { pid: 12, program: "pulumi-resource-kubernetes", started: new Date("2026-11-28T22:00:00Z") };
    assert.equal(
      describeLone([one, { ...one, pid: 13, program: "pulumi-resource-command" }]),
      "the Pulumi CLI is gone, but a plugin that it started still works in the cluster (pulumi-resource-kubernetes, " +
        "process 12, since 2026-11-28T22:00:00.000Z; pulumi-resource-command, process 13, since " +
        "2026-11-28T22:00:00.000Z). What it makes now would be in no state. Wait until it has ended (up to 11 " +
        "minutes), or end it: kill 12 13. Then run npm run recover again",
    );
  });
});
