import assert from "node:assert/strict";
import type { ClaimEntry } from "../../../ops/move/claim-entry";
import { decideMove, type ClaimChange } from "../../../ops/move/decide";
import { first, fromScratch, grows, onScratch, places, returned } from "./entries";

describe("a change that is refused before anything is done", () => {
  const cases: [string, ClaimEntry, ClaimChange, string][] = [
    [
      "the same place and size",
      first,
      { kind: "to", to: "local-path" },
      "redis is on local-path already, with 1Gi: there is nothing to move",
    ],
    [
      "the default, which it is on",
      { generation: 1, size: "1Gi", kept: [] },
      { kind: "to", to: "local-path" },
      "redis is on local-path already, with 1Gi: there is nothing to move",
    ],
    [
      "the same size in other words",
      first,
      { kind: "size", size: "1024Mi" },
      "redis has 1Gi already: there is nothing to move",
    ],
    [
      "the same node",
      { ...first, node: "a" },
      { kind: "node", node: "a" },
      "redis is on local-path already, on node a, with 1Gi: there is nothing to move",
    ],
    [
      "the same place and node",
      { ...first, node: "a" },
      { kind: "to", to: "local-path", node: "a" },
      "redis is on local-path already, on node a, with 1Gi: there is nothing to move",
    ],
    [
      "a node for what every node reaches",
      grows,
      { kind: "node", node: "b" },
      "every node reaches the volumes of longhorn, as far as the stack's config says: leave out --node",
    ],
    [
      "a node where every node reaches it",
      first,
      { kind: "to", to: "longhorn", node: "b" },
      "every node reaches the volumes of longhorn, as far as the stack's config says: leave out --node",
    ],
    [
      "a node for a pod's directory",
      first,
      { kind: "to", to: "scratch", node: "b" },
      "scratch keeps data in the pod's own directory, which is on whatever node the pod runs on: leave out --node",
    ],
    [
      "another node for what was made by hand",
      { generation: 1, size: "1Gi", class: "", kept: [] },
      { kind: "node", node: "b" },
      "the volume of redis was made by hand, so no other can be made like it on another node; name a backend with --to",
    ],
    [
      "a name that is nearly right",
      first,
      { kind: "to", to: "lonhorn" },
      'the stack\'s config has no backend or class "lonhorn" (did you mean "longhorn"?)',
    ],
    [
      "a name that is nowhere near",
      first,
      { kind: "to", to: "ceph" },
      'the stack\'s config has no backend or class "ceph"; it has: fast, fast-ssd, local-path, longhorn, scratch',
    ],
    [
      "a size without a unit",
      first,
      { kind: "to", to: "fast", size: "10" },
      '--size "10" has no unit; did you mean 10Gi?',
    ],
    [
      "another size of a pod's directory",
      onScratch,
      { kind: "size", size: "2Gi" },
      "redis is on scratch, whose directory goes with the pod, so a change of its size would empty it; move the data " +
        "to a claim first (--to)",
    ],
    [
      "back from a first volume",
      first,
      { kind: "back", asItWas: false },
      "redis has never moved, or its earlier volume was released: there is no volume to return to",
    ],
    [
      "back twice",
      returned,
      { kind: "back", asItWas: false },
      "redis has returned already, to generation 1. To move its data again, to a new volume: npm run move -- redis " +
        "--to fast",
    ],
    [
      "as it was on a pod's directory",
      fromScratch,
      { kind: "back", asItWas: true },
      "redis was on scratch, and the old directory is gone with its pod; use --back without --as-it-was, which " +
        "takes the data along",
    ],
  ];
  for (const [title, current, request, message] of cases) {
    it(title, () => assert.throws(() => decideMove("redis", current, request, places), { name: "UserError", message }));
  }
});
