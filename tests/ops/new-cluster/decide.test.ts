import assert from "node:assert/strict";
import { refuseNewCluster, type NewClusterFacts } from "../../../ops/new-cluster/decide";
import { objectsOf } from "../../../ops/pulumi/objects";
import type { Place } from "../../../ops/recover/cluster";
import { claimFacts, volumeFacts } from "../../facts";
import { stateObject } from "../recover/state-objects";

const objects = objectsOf({
  resources: [
    stateObject("Namespace", "cache", undefined),
    stateObject("PersistentVolumeClaim", "redis-data", "cache"),
    stateObject("Deployment", "redis", "cache"),
  ],
});

const places = (uids: Record<string, string> = {}): Place[] =>
  objects.map((object) => {
    const uid = uids[object.name];
    return uid === undefined ? { object } : { object, live: { uid, annotations: {} } };
  });

const refusals = (more: Partial<NewClusterFacts> = {}) =>
  refuseNewCluster({
    stack: "shop/new",
    context: "home",
    cluster: { uid: "new", made: "2026-07-01T00:00:00.000Z" },
    before: "old",
    places: places(),
    names: ["cache/redis-data"],
    claims: [],
    volumes: [],
    ...more,
  });

const brought = (what: string) =>
  `The cluster of context "home" has data under the stack's names (${what}). If it was brought from the old cluster, ` +
  "npm run adopt takes it over, with the data; if it is somebody else's, this is another cluster than the stack's.";

describe("a cluster that is taken for the stack's, made anew", () => {
  it("has none of the stack's objects and none of its data, and is younger than all of them", () => {
    assert.deepEqual(refusals(), []);
    assert.deepEqual(refusals({ before: undefined }), []);
    assert.deepEqual(refusals({ cluster: { uid: "new" } }), []);
    const [secret] = objectsOf({ resources: [stateObject("Secret", "redis", "cache", { outputs: {} })] });
    assert.deepEqual(refusals({ places: [{ object: secret! }, ...places()] }), []);
    const others = { claims: [claimFacts({ name: "theirs" })], volumes: [volumeFacts({ claim: "default/theirs" })] };
    assert.deepEqual(refusals(others), []);
  });

  const refused: [string, Partial<NewClusterFacts>, string[]][] = [
    [
      "can be told",
      { cluster: undefined },
      [
        'It can\'t be told which cluster context "home" leads to. Have the right granted to read the namespace ' +
          "kube-system, and run this again.",
      ],
    ],
    [
      "is another than the one of the last update",
      { before: "new" },
      [
        'Context "home" leads to the very cluster that the last update went to (kube-system new). What is gone from ' +
          "it is said by npm run status, with the command for it.",
      ],
    ],
    [
      "has not one object with the uid of the state",
      { places: places({ cache: "uid of cache", redis: "another" }) },
      [
        '1 of the stack\'s 3 objects is in the cluster of context "home", with the uids that the state records ' +
          "(Namespace cache), so it is the stack's own cluster. Run pulumi up, which makes anew what is missing and " +
          "refuses what would lose data.",
      ],
    ],
    [
      "wasn't there while the stack was still updated elsewhere",
      { cluster: { uid: "new", made: "2026-05-01T00:00:00.000Z" } },
      [
        'The cluster of context "home" was made at 2026-05-01T00:00:00.000Z, and the stack still made objects in its ' +
          "own cluster at 2026-06-01T00:00:00Z, so this one isn't that cluster made anew. The context or the " +
          "kubeconfig is wrong: name the stack's cluster (cluster-storage:cluster). To use this cluster besides, " +
          "make a stack for it.",
      ],
    ],
    [
      "has no claim that bears the stack's mark",
      { claims: [claimFacts({ namespace: "a", name: "b", stack: "shop/new" })] },
      [brought("claim a/b")],
    ],
    [
      "has no claim of the same name",
      { claims: [claimFacts({ namespace: "cache", name: "redis-data" })] },
      [brought("claim cache/redis-data")],
    ],
    [
      "has no volume that names a claim of the stack",
      { volumes: [volumeFacts({ name: "pvc-7", claim: "cache/redis-data" })] },
      [brought("volume pvc-7")],
    ],
  ];
  for (const [what, facts, reasons] of refused) it(what, () => assert.deepEqual(refusals(facts), reasons));
});
