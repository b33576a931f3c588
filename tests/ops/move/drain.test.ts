import assert from "node:assert/strict";
import type { ClaimChange } from "../../../ops/move/decide";
import { chooseDrainTarget } from "../../../ops/move/drain";
import type { Place } from "../../../ops/move/places";
import type { DrainRequest } from "../../../ops/move/request";

const place = (backend: string, more: Partial<Place> = {}): Place => ({
  backend,
  class: backend,
  isDefault: false,
  ephemeral: false,
  expand: false,
  followsNode: true,
  ...more,
});
const local = [place("local-path"), place("fast", { class: "ssd" })];
const nfs = place("nfs", { followsNode: false });
const longhorn = place("longhorn", { followsNode: false });
const scratch = place("scratch", { ephemeral: true, followsNode: false });

describe("where volumes go that leave a node", () => {
  const cases: [string, Omit<DrainRequest, "off">, Place[], string[], ClaimChange][] = [
    ["the only backend that isn't tied to one", {}, [...local, nfs, scratch], [], { kind: "to", to: "nfs" }],
    ["that one, though there is another node", {}, [...local, nfs], ["b"], { kind: "to", to: "nfs" }],
    ["the one that was named", { to: "longhorn" }, [...local, nfs, longhorn], [], { kind: "to", to: "longhorn" }],
    ["a name that is looked up later", { to: "nsf" }, [...local, nfs], [], { kind: "to", to: "nsf" }],
    [
      "the only other node, where every backend is tied to one",
      {},
      [...local, scratch],
      ["b"],
      { kind: "node", node: "b" },
    ],
    ["the node that was named", { node: "c" }, local, ["b", "c"], { kind: "node", node: "c" }],
    [
      "the node that was named, though there is a backend that isn't tied to one",
      { node: "b" },
      [...local, nfs],
      ["b"],
      { kind: "node", node: "b" },
    ],
    ["another disk of the only other node", { to: "ssd" }, local, ["b"], { kind: "to", to: "ssd", node: "b" }],
    [
      "another disk of the node that was named",
      { to: "fast", node: "c" },
      local,
      ["b", "c"],
      { kind: "to", to: "fast", node: "c" },
    ],
    [
      "a node for what every node reaches: refused later",
      { to: "nfs", node: "b" },
      [...local, nfs],
      ["b"],
      { kind: "to", to: "nfs", node: "b" },
    ],
  ];
  for (const [title, named, places, others, target] of cases) {
    it(title, () => {
      assert.deepEqual(chooseDrainTarget({ off: "a", ...named }, places, others), target);
    });
  }

  const add =
    "add a backend to the stack whose volumes every node reaches, such as nfs or longhorn, deploy it, and " +
    "name it with --to";
  const refusals: [string, string | undefined, Place[], string[], string][] = [
    [
      "nowhere, on one node",
      undefined,
      local,
      [],
      "no volume can leave a: pods can go to no other node, and every backend of this stack (local-path, fast) " +
        `keeps its data on a node; ${add}`,
    ],
    [
      "to one of several nodes",
      undefined,
      [...local, scratch],
      ["b", "c"],
      "several nodes can take the volumes of a; choose one: --node b, --node c",
    ],
    [
      "to another disk of the only node",
      "ssd",
      local,
      [],
      `fast keeps its volumes on a node, and pods can go to no node but a, so no volume can leave it; ${add}`,
    ],
    [
      "to another disk of one of several nodes",
      "fast",
      [...local, nfs],
      ["b", "c"],
      "several nodes can take the volumes of a; choose one: --node b, --node c",
    ],
    [
      "to another disk of the only node, with a way out",
      "fast",
      [...local, nfs],
      [],
      "fast keeps its volumes on a node, and pods can go to no node but a, so no volume can leave it; choose a " +
        "backend whose volumes every node reaches: --to nfs",
    ],
    [
      "to the pod's own directory",
      "scratch",
      [...local, scratch, nfs],
      ["b"],
      "scratch keeps data in the pod's own directory, and a drain deletes that; choose a backend whose volumes " +
        "every node reaches: --to nfs",
    ],
    [
      "to one of several",
      undefined,
      [nfs, longhorn],
      ["b"],
      "every node reaches the volumes of several backends; choose one: --to nfs, --to longhorn",
    ],
  ];
  for (const [title, to, places, others, message] of refusals)
    it(title, () =>
      assert.throws(() => chooseDrainTarget({ off: "a", to }, places, others), { name: "UserError", message }),
    );
});
