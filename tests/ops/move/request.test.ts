import assert from "node:assert/strict";
import { readRequest } from "../../../ops/move/request";

const usage =
  "npm run move -- SERVICE[/CLAIM] --to BACKEND [--node NODE] [--size SIZE], --node NODE [--size SIZE], " +
  "--size SIZE, or --back [--as-it-was]; or -- --off NODE [--to BACKEND] [--node OTHER]";

describe("what a move's arguments ask for", () => {
  const cases: [Parameters<typeof readRequest>[0], string[], object][] = [
    [{ to: "fast" }, ["redis"], { operand: "redis", request: { kind: "to", to: "fast" } }],
    [{ to: "fast", size: "2Gi" }, ["redis"], { operand: "redis", request: { kind: "to", to: "fast", size: "2Gi" } }],
    [
      { to: "fast", node: "b", size: "2Gi" },
      ["redis"],
      { operand: "redis", request: { kind: "to", to: "fast", node: "b", size: "2Gi" } },
    ],
    [{ node: "b" }, ["redis"], { operand: "redis", request: { kind: "node", node: "b" } }],
    [{ node: "b", size: "2Gi" }, ["redis"], { operand: "redis", request: { kind: "node", node: "b", size: "2Gi" } }],
    [{ size: "2Gi" }, ["taskflow/logs"], { operand: "taskflow/logs", request: { kind: "size", size: "2Gi" } }],
    [{ back: true }, ["redis"], { operand: "redis", request: { kind: "back", asItWas: false } }],
    [{ back: true, "as-it-was": true }, ["redis"], { operand: "redis", request: { kind: "back", asItWas: true } }],
    [{ off: "node-1" }, [], { off: "node-1" }],
    [{ off: "node-1", to: "nfs" }, [], { off: "node-1", to: "nfs" }],
    [{ off: "node-1", node: "node-2" }, [], { off: "node-1", node: "node-2" }],
    [{ off: "node-1", to: "fast", node: "node-2" }, [], { off: "node-1", to: "fast", node: "node-2" }],
  ];
  for (const [options, operands, request] of cases)
    it(JSON.stringify(options), () => assert.deepEqual(readRequest(options, operands), request));
});

describe("arguments that don't go together", () => {
  const cases: [Parameters<typeof readRequest>[0], string[], string][] = [
    [{ to: "fast" }, [], `say which service: ${usage}`],
    [{}, ["redis"], `say where redis shall go: ${usage}`],
    [{ to: "fast" }, ["redis", "n8n"], "one service at a time: redis, n8n"],
    [{ to: "fast", "as-it-was": true }, ["redis"], "--as-it-was goes with --back"],
    [
      { back: true, size: "1Gi" },
      ["redis"],
      "--back returns to the volume before, with its own place and size: leave out --to, --node and --size",
    ],
    [
      { back: true, to: "fast" },
      ["redis"],
      "--back returns to the volume before, with its own place and size: leave out --to, --node and --size",
    ],
    [
      { back: true, node: "b" },
      ["redis"],
      "--back returns to the volume before, with its own place and size: leave out --to, --node and --size",
    ],
    [{ off: "node-1" }, ["redis"], "--off moves every service's volumes off the node, and redis is one service"],
    [{ off: "node-1", size: "1Gi" }, [], "--off goes with --to and --node only"],
    [{ off: "node-1", node: "node-1" }, [], "node-1 is the node that is to be left; name another with --node"],
  ];
  for (const [options, operands, message] of cases) {
    it(`${operands.join(" ")} ${JSON.stringify(options)}`, () =>
      assert.throws(() => readRequest(options, operands), { name: "UserError", message }));
  }
});
