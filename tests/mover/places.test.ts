import assert from "node:assert/strict";
import { hasPlaces, placedOn, placesPatch, withPlaces } from "../../mover/orchestrate/places";
import { copyPod } from "../../mover/orchestrate/copy-pod";
import type { NodeAffinity } from "../../model/move-places";
import { aMove } from "./a-move";

const terms = [{ matchExpressions: [{ key: "zone", operator: "Exists" }] }];
const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } };
const places = { nodeSelector: { disk: "fast" }, affinity: { nodeAffinity } };
const pod = { containers: [] };
const beside = { matchFields: [{ key: "metadata.name", operator: "In", values: ["a"] }] };

describe("where a service's pod may run after its move", () => {
  it("is set with its volume: the old pod's own places would keep it off the new node", () => {
    const old = {
      ...pod,
      nodeSelector: { disk: "slow", room: "1" },
      affinity: { nodeAffinity: { x: 1 } as NodeAffinity, podAffinity: {} },
    };
    assert.deepEqual(placesPatch(old, aMove({ places })), {
      nodeSelector: { disk: "fast", room: null },
      affinity: { nodeAffinity: { x: null, ...nodeAffinity } },
    });
    assert.deepEqual(withPlaces(old, aMove({ places })), {
      containers: [],
      nodeSelector: { disk: "fast" },
      affinity: { podAffinity: {}, nodeAffinity },
    });
    assert.deepEqual(placesPatch(old, aMove()), { nodeSelector: null, affinity: { nodeAffinity: null } });
    assert.deepEqual(withPlaces(old, aMove()), { containers: [], affinity: { podAffinity: {} } });
  });

  it("stays as it is where nothing is other, and on the way into the pod's own directory", () => {
    for (const [spec, move] of [
      [pod, aMove()],
      [{ ...pod, ...places }, aMove({ places })],
      [{ ...pod, nodeSelector: { a: "b" } }, aMove({ kind: "spill", places })],
    ] as const) {
      assert.deepEqual(placesPatch(spec, move), {});
      assert.equal(withPlaces(spec, move), spec);
    }
    assert.equal(hasPlaces(pod, aMove({ places })), false);
  });

  it("is where the copy rather runs, since a new volume is made where its first pod is", () => {
    const preferred = (affinity: object) => ({
      affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: affinity } },
    });
    assert.deepEqual(placedOn(undefined, false), {});
    assert.deepEqual(placedOn("a", false), preferred([{ weight: 100, preference: beside }]));
    assert.deepEqual(
      placedOn("a", false, places),
      preferred([
        { weight: 100, preference: { matchExpressions: [{ key: "disk", operator: "In", values: ["fast"] }] } },
        { weight: 100, preference: terms[0] },
        { weight: 10, preference: beside },
      ]),
    );
    assert.deepEqual(placedOn("a", true, places), {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [beside] } } },
    });
  });

  it("lets the move's own pods on to the nodes, with the Secrets for their image", () => {
    const passes = {
      tolerations: [{ key: "dedicated", operator: "Exists" }],
      priorityClassName: "data",
      imagePullSecrets: [{ name: "registry" }],
    };
    const options = { task: {}, owner: {}, version: undefined, node: "a", beside: false };
    const { spec } = copyPod(aMove({ passes }), "copy", options as unknown as Parameters<typeof copyPod>[2]);
    const { tolerations, priorityClassName, imagePullSecrets } = spec!;
    assert.deepEqual({ tolerations, priorityClassName, imagePullSecrets }, passes);
  });
});
