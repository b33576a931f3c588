import assert from "node:assert/strict";
import { createNodeSteps } from "../../components/node-steps";
import { Hidden } from "../../model/hidden";
import type { NodePlan, NodeStep } from "../../model/node-preparation";
import { one, record, secretOf } from "./recorded";

const ssh = { user: "root", port: 22, agent: false };
const step = (id: string, run: NodeStep["run"] = "local") => ({
  id,
  words: `the ${id}`,
  path: [id],
  line: { of: id },
  run,
});
const nodes: NodePlan[] = [
  {
    name: "a",
    type: "talos",
    settings: {},
    access: { talos: { config: new Hidden("the-talosconfig") }, ssh },
    steps: [step("one"), step("two")],
  },
  {
    name: "b",
    type: "linux",
    settings: {},
    access: { talos: {}, ssh },
    hostKey: "ssh-ed25519 AAAA",
    steps: [step("three", { remote: "sh", script: "true" })],
  },
];

describe("the steps on nodes", () => {
  const create = () =>
    record(() => {
      createNodeSteps({
        nodes,
        cluster: { context: "home", identifier: "home" },
        addresses: { b: "10.0.0.2" },
        privateKey: "the-private-key",
        rounds: { a: { two: { type: "talos", line: {}, round: 1 } } },
        done: () => undefined,
      });
    });

  it("are commands that do nothing when they go, and hold no secret in plain text", async () => {
    const all = await create();
    // Each is registered when the one before it is done.
    const commands = all.filter(({ type }) => type.endsWith(":Command"));
    assert.deepEqual(
      commands.map(({ name }) => name),
      ["a-one", "a-two", "b-three"],
    );
    const { stdin, ...local } = one(all, "Command", "a-two").inputs;
    assert.equal(secretOf(stdin as Record<string, unknown>), "the-talosconfig");
    assert.deepEqual(local, {
      create: "node ops/run.mjs prepare-node",
      environment: {
        CLUSTER_STORAGE_NODE_STEP: JSON.stringify({
          node: "a",
          type: "talos",
          step: { id: "two", line: { of: "two" }, words: "the two" },
          round: 1,
          talos: { stdin: true },
          cluster: { context: "home" },
        }),
      },
      addPreviousOutputInEnv: false,
    });
    assert.ok(!JSON.stringify({ ...one(all, "Command", "b-three").inputs, connection: undefined }).includes("private"));
  });
});
