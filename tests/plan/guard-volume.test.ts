import assert from "node:assert/strict";
import type { ClaimFacts } from "../../model/facts";
import { claim, moved, redis, said } from "./guard-fixture";

const byHand = "redis: { size: 1Gi, backend: made }";
const keptByHand =
  "redis: { size: 1Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, backend: made }] }";
describe("what would cost data is a fault", () => {
  const table: [string, string, ClaimFacts[], string[]][] = [
    ["not what is as it was", redis, [claim()], []],
    ["not what isn't there yet", redis, [], []],
    ["not somebody else's claim of another name", redis, [claim(), claim({ name: "other", stack: undefined })], []],
    ["not a move", moved, [claim()], []],
    ["not a move that was made", moved, [claim(), claim({ name: "redis-data-2", className: "fast" })], []],
    [
      "not the cluster's default where the claim names none",
      "redis: { size: 1Gi }",
      [claim({ className: "whatever" })],
      [],
    ],
    [
      "another class",
      "redis: { size: 1Gi, backend: fast }",
      [claim()],
      [
        "services.redis: claim redis-data has its data on class \"local-path\", and a claim's class can't be " +
          "changed; move the data: npm run move -- redis --to fast",
      ],
    ],
    [
      "another class of one of several claims",
      "taskflow: { storage: { size: 1Gi, class: fast }, logs: { size: 1Gi } }\n    taskflow-db: { size: 1Gi }",
      [claim({ namespace: "taskflow", name: "app-storage", service: "taskflow" })],
      [
        'services.taskflow.storage: claim app-storage has its data on class "local-path", and a claim\'s ' +
          "class can't be changed; move the data: npm run move -- taskflow/storage --to fast",
      ],
    ],
    [
      "another class of a kept volume",
      moved.replace("class: local-path", "class: fast"),
      [claim()],
      [
        'services.redis.kept[0]: claim redis-data has its data on class "local-path", and a claim\'s class ' +
          "can't be changed; restore the kept entry's previous value",
      ],
    ],
    [
      "another access mode",
      "redis: { size: 1Gi, class: local-path, accessMode: ReadWriteOncePod }",
      [claim()],
      [
        "services.redis.accessMode: claim redis-data is ReadWriteOnce, and a claim's access mode can't be " +
          "changed; give the data a new volume: generation: 2, kept: [{ generation: 1, size: 1Gi, class: local-path, " +
          "accessMode: ReadWriteOnce }]",
      ],
    ],
    [
      "another volume made by hand",
      byHand,
      [claim({ className: "", volume: "pv-old" })],
      [
        "services.redis: claim redis-data has its data on volume pv-old, the config says pv-new, and a " +
          "claim's volume can't be changed; name pv-old again, or move the data to pv-new with a new generation",
      ],
    ],
    [
      "another volume of a kept claim",
      keptByHand,
      [claim({ className: "", volume: "pv-old" })],
      [
        "services.redis.kept[0]: claim redis-data has its data on volume pv-old, the config says pv-new, and " +
          "a claim's volume can't be changed; name pv-old again",
      ],
    ],
    [
      "not a volume that the claim still waits for",
      byHand,
      [claim({ className: "", volume: "pv-typo", phase: "Pending" })],
      [],
    ],
    ["not the volume that it has", byHand, [claim({ className: "", volume: "pv-new" })], []],
    ["not the volume that a provisioner made", redis, [claim({ volume: "pvc-1" })], []],
    [
      "a smaller size",
      "redis: { size: 512Mi, class: local-path }",
      [claim()],
      [
        "services.redis.size: 512Mi is less than the 1Gi of claim redis-data, and a volume can't shrink; set size: " +
          "1Gi, also where somebody grew the claim with kubectl, or move the data to another volume: npm run move -- " +
          "redis --size 512Mi",
      ],
    ],
    [
      "a smaller size than one in plain bytes",
      redis,
      [claim({ size: "2147483648" })],
      [
        "services.redis.size: 1Gi is less than the 2Gi of claim redis-data, and a volume can't shrink; set size: " +
          "2Gi, also where somebody grew the claim with kubectl, or move the data to another volume: npm run move -- " +
          "redis --size 1Gi",
      ],
    ],
    [
      "a smaller size of a kept volume",
      moved.replace("size: 1Gi, class", "size: 512Mi, class"),
      [claim()],
      [
        "services.redis.kept[0].size: 512Mi is less than the 1Gi of claim redis-data, and a volume can't shrink; " +
          "set size: 1Gi, also where somebody grew the claim with kubectl",
      ],
    ],
    [
      "not a mistyped size that is put back before the volume grew",
      "redis: { size: 20Gi, class: local-path }",
      [claim({ size: "500Ti", capacity: "10Gi" })],
      [],
    ],
    [
      "a mistyped size that is put back to exactly what the volume has",
      "redis: { size: 10Gi, class: local-path }",
      [claim({ size: "500Ti", capacity: "10Gi" })],
      [
        "services.redis.size: claim redis-data asks for 500Ti and has 10Gi of it; Kubernetes lets it ask for less " +
          "again, but for more than it has: set a size above 10Gi, for instance 11Gi",
      ],
    ],
    [
      "a mistyped size that is put back to less than the volume has",
      "redis: { size: 5Gi, class: local-path }",
      [claim({ size: "500Ti", capacity: "10Gi" })],
      [
        "services.redis.size: claim redis-data asks for 500Ti and has 10Gi of it; Kubernetes lets it ask for less " +
          "again, but for more than it has: set a size above 10Gi, for instance 11Gi",
      ],
    ],
    [
      "another size of a claim that has no volume yet",
      "redis: { size: 20Gi, class: local-path }",
      [claim({ size: "500Ti", phase: "Pending" })],
      [
        "services.redis.size: claim redis-data is Pending and asks for 500Ti, and Kubernetes changes only the " +
          "size of a Bound claim; set size: 500Ti again, or, because it has no volume and so no data, delete it " +
          "(kubectl -n local-ai-system delete pvc redis-data), say that it may begin empty (npm run recover -- " +
          "--begin-empty redis), and pulumi up --refresh makes it again with 20Gi",
      ],
    ],
    ["not the same size in plain bytes", redis, [claim({ size: "1073741824" })], []],
    [
      "a larger size where the class can't grow",
      "redis: { size: 2Gi, class: local-path }",
      [claim()],
      [
        'services.redis.size: 2Gi is more than the 1Gi of claim redis-data, and its class "local-path" can\'t ' +
          "grow a volume; move the data to another volume: npm run move -- redis --size 2Gi",
      ],
    ],
    ["not a larger size where the class can", "redis: { size: 2Gi }", [claim({ className: "grows" })], []],
    ["not a larger size in another unit", "redis: { size: 1024Mi, class: local-path }", [claim()], []],
    [
      "another node",
      redis.replace(" }", ", node: b }"),
      [claim({ node: "a" })],
      [
        "services.redis.node: claim redis-data has its volume on node a, and a volume can't leave its node; " +
          "move the data: npm run move -- redis --node b",
      ],
    ],
    [
      "another node of a kept volume",
      moved.replace("class: local-path", "class: local-path, node: b"),
      [claim({ node: "a" })],
      [
        "services.redis.kept[0].node: claim redis-data has its volume on node a, and a volume can't leave its " +
          "node; restore the kept entry's previous value",
      ],
    ],
    [
      "another class and node, in one",
      "redis: { size: 1Gi, backend: fast, node: b }",
      [claim({ node: "a" })],
      [
        "services.redis: claim redis-data has its data on class \"local-path\", and a claim's class can't be " +
          "changed; move the data: npm run move -- redis --to fast --node b",
      ],
    ],
    ["not the node that it is on", redis.replace(" }", ", node: a }"), [claim({ node: "a" })], []],
    ["not one that nothing is known of", redis.replace(" }", ", node: b }"), [claim()], []],
    [
      "not another node of a claim that still waits",
      redis.replace(" }", ", node: b }"),
      [claim({ node: "a", phase: "Pending" })],
      [],
    ],
    ["not where none is named", redis, [claim({ node: "a" })], []],
  ];
  for (const [what, services, claims, faults] of table)
    it(what, () => assert.deepEqual(said(services, claims).faults, faults));
});
