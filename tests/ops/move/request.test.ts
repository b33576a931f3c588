import assert from "node:assert/strict";
import { readRequest } from "../../../ops/move/request";

const usage =
  "npm run move -- SERVICE[/CLAIM] --to BACKEND [--node NODE] [--size SIZE], --node NODE [--size SIZE], " +
  "--size SIZE, --anew [--size SIZE], or --back [--as-it-was]; or -- --off NODE [--to BACKEND] [--node OTHER]";

describe("what a move's arguments ask for", () => {
  const cases: [Parameters<typeof readRequest>[0], string[], object][] = [
    [{ to: "fast" }, ["redis"], { operand: "redis", change: { kind: "to", to: "fast" } }],
    [{ to: "fast", size: "2Gi" }, ["redis"], { operand: "redis", change: { kind: "to", to: "fast", size: "2Gi" } }],
    [
      { to: "fast", node: "b", size: "2Gi" },
      ["redis"],
      { operand: "redis", change: { kind: "to", to: "fast", node: "b", size: "2Gi" } },
    ],
    [{ node: "b" }, ["redis"], { operand: "redis", change: { kind: "node", node: "b" } }],
    [{ node: "b", size: "2Gi" }, ["redis"], { operand: "redis", change: { kind: "node", node: "b", size: "2Gi" } }],
    [{ anew: true }, ["redis"], { operand: "redis", change: { kind: "anew" } }],
    [{ anew: true, size: "2Gi" }, ["redis"], { operand: "redis", change: { kind: "anew", size: "2Gi" } }],
    [{ size: "2Gi" }, ["taskflow/logs"], { operand: "taskflow/logs", change: { kind: "size", size: "2Gi" } }],
    [{ back: true }, ["redis"], { operand: "redis", change: { kind: "back", asItWas: false } }],
    [{ back: true, "as-it-was": true }, ["redis"], { operand: "redis", change: { kind: "back", asItWas: true } }],
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
    [{ to: "fast" }, [], `the service is missing: ${usage}`],
    [{}, ["redis"], `the place to move redis to is missing: ${usage}`],
    [{ to: "fast" }, ["redis", "n8n"], "only one service can be named at a time, and there are: redis, n8n"],
    [
      { anew: true, to: "fast" },
      ["redis"],
      "--anew makes another volume in the same place: leave out --to, --node and --back",
    ],
    [{ to: "fast", "as-it-was": true }, ["redis"], "--as-it-was can be used only with --back"],
    [
      { back: true, size: "1Gi" },
      ["redis"],
      "--back returns to the earlier volume, which has its own place and size: leave out --to, --node and --size",
    ],
    [
      { back: true, to: "fast" },
      ["redis"],
      "--back returns to the earlier volume, which has its own place and size: leave out --to, --node and --size",
    ],
    [
      { back: true, node: "b" },
      ["redis"],
      "--back returns to the earlier volume, which has its own place and size: leave out --to, --node and --size",
    ],
    [
      { off: "node-1" },
      ["redis"],
      "--off moves the volumes of every service off the node; leave out the service (redis)",
    ],
    [{ off: "node-1", size: "1Gi" }, [], "--off can be combined only with --to and --node"],
    [
      { off: "node-1", node: "node-1" },
      [],
      "--node names node-1, the node that the volumes have to leave; name another node",
    ],
  ];
  for (const [options, operands, message] of cases) {
    it(`${operands.join(" ")} ${JSON.stringify(options)}`, () =>
      assert.throws(() => readRequest(options, operands), { name: "UserError", message }));
  }
});
