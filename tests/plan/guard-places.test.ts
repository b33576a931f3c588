import assert from "node:assert/strict";
import type { ClusterFacts } from "../../model/facts";
import { nodeFacts, volumeFacts } from "../facts";
import { claim, said } from "./guard-fixture";

const redis = (settings: string) => `redis: { size: 1Gi, ${settings} }`;
const selects = redis("nodeSelector: { disk: fast }");
const needs = (term: string) =>
  redis(
    `affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [${term}] } } }`,
  );
const tainted = nodeFacts("a", { taints: [{ key: "dedicated", value: "storage", effect: "NoSchedule" }] });
const bound = claim({ node: "a", volume: "pvc-1" });
const workload = (tolerations?: object[]) =>
  ({
    kind: "Deployment",
    namespace: "local-ai-system",
    name: "redis",
    service: "redis",
    image: "redis:7.4.11-bookworm",
    ran: false,
    claims: ["redis-data"],
    ...(tolerations && { tolerations }),
  }) as NonNullable<ClusterFacts["runs"]>[number];
const tolerated = [{ key: "dedicated", operator: "Exists" }];
const move = "move the data: npm run move -- redis --node NODE";
const there = "claim redis-data has its volume on node a, so the pod could start nowhere; ";

describe("a pod that could not go to its volume's node", () => {
  const cases: [string, string, Partial<ClusterFacts> & { claim?: typeof bound }, string[]][] = [
    [
      "by a label that the node doesn't have",
      selects,
      { nodes: [nodeFacts("a")] },
      [
        `services.redis.nodeSelector: node a has no label disk=fast, and ${there}take the label out, give it to the ` +
          `node (kubectl label node a disk=fast), or ${move}`,
      ],
    ],
    [
      "by another value of it",
      selects,
      { nodes: [nodeFacts("a", { labels: { disk: "slow" } })] },
      [`services.redis.nodeSelector: node a has disk=slow, not disk=fast, and ${there}change the value, or ${move}`],
    ],
    ["not where the node has it", selects, { nodes: [nodeFacts("a", { labels: { disk: "fast" } })] }, []],
    ["not where another service's node lacks it", redis("tolerations: []"), { nodes: [nodeFacts("a")] }, []],
    [
      "by its affinity",
      needs("{ matchExpressions: [{ key: disk, operator: In, values: [fast] }] }"),
      { nodes: [nodeFacts("a")] },
      [
        `services.redis.affinity: node a fits none of the terms of its nodeAffinity, and ${there}change the terms, ` +
          `or ${move}`,
      ],
    ],
    [
      "not where one of the terms fits",
      needs(
        "{ matchExpressions: [{ key: disk, operator: Exists }] }, " +
          "{ matchFields: [{ key: metadata.name, operator: In, values: [a] }] }",
      ),
      { nodes: [nodeFacts("a")] },
      [],
    ],
    [
      "by the label that its volume names, other than the node's name",
      selects,
      {
        claim: { ...bound, node: "wire-1" },
        volumes: [volumeFacts({ name: "pvc-1", tiedTo: ["host-1"] })],
        nodes: [nodeFacts("wire-1", { labels: { "kubernetes.io/hostname": "host-1", disk: "fast" } }), nodeFacts("b")],
      },
      [],
    ],
    [
      "not where a volume can be reached from another node that fits",
      selects,
      {
        volumes: [volumeFacts({ name: "pvc-1", tiedTo: ["a", "b"] })],
        nodes: [nodeFacts("a"), nodeFacts("b", { labels: { disk: "fast" } })],
      },
      [],
    ],
    [
      "by the node that the config names for a new volume",
      redis("node: a, nodeSelector: { disk: fast }"),
      { claim: claim({ phase: "Pending" }), nodes: [nodeFacts("a")] },
      [
        "services.redis.node: node a has no label disk=fast, which services.redis.nodeSelector asks for; name " +
          "another node, or change that key",
      ],
    ],
    [
      "by the taint of the node that the config names for a new volume",
      redis("node: a"),
      { claim: claim({ phase: "Pending" }), nodes: [tainted] },
      [
        'services.redis.node: no pod can go to node "a", so no volume can be made there: the node has the taint ' +
          "dedicated=storage:NoSchedule",
      ],
    ],
    [
      "not by a taint of it that is tolerated",
      redis("node: a, tolerations: [{ key: dedicated, operator: Exists }]"),
      { claim: claim({ phase: "Pending" }), nodes: [tainted] },
      [],
    ],
    [
      "by a toleration that goes",
      redis("protect: true"),
      { nodes: [tainted], runs: [workload(tolerated)] },
      [
        "services.redis.tolerations: the pod would no longer tolerate the taint dedicated=storage:NoSchedule of node " +
          `a, and ${there}keep the toleration, or ${move}`,
      ],
    ],
    ["not by a taint that came while it ran", redis("protect: true"), { nodes: [tainted], runs: [workload()] }, []],
    [
      "not by a toleration that stays",
      redis("tolerations: [{ key: dedicated, value: storage }]"),
      { nodes: [tainted], runs: [workload(tolerated)] },
      [],
    ],
    ["not where nobody may read the nodes", selects, {}, []],
    ["not where it doesn't run", redis("nodeSelector: { disk: fast }, run: false"), { nodes: [nodeFacts("a")] }, []],
  ];
  for (const [what, services, { claim: own = bound, ...facts }, faults] of cases)
    it(what, () => assert.deepEqual(said(services, [own], facts).faults, faults));

  it("on the way to a larger volume on the same node, and not on the way to a node that fits", () => {
    const moved = (target: string) =>
      said(
        redis(
          "backend: local-path, generation: 2, kept: [{ generation: 1, size: 1Gi }], nodeSelector: { disk: fast }" +
            target,
        ),
        [bound],
        { nodes: [nodeFacts("a"), nodeFacts("b", { labels: { disk: "fast" } })] },
      ).faults.filter((fault) => fault.includes("disk=fast"));
    assert.equal(moved("").length, 1);
    assert.deepEqual(moved(", node: b"), []);
  });
});
