import assert from "node:assert/strict";
import type { ClusterFacts } from "../../model/facts";
import type { NodeFacts } from "../../model/node-facts";
import { keepPlaces } from "../../preflight/keep-places";
import { claimFacts, nodeFacts, volumeFacts } from "../facts";
import { stack } from "./cluster";

const cordoned: Partial<NodeFacts> = { unschedulable: true };
const tainted: Partial<NodeFacts> = { taints: [{ key: "dedicated", value: "db", effect: "NoSchedule" }] };
const namespace = "cache";
const path = `/apis/apps/v1/namespaces/${namespace}/deployments/redis`;
const workload = (image: string) => ({ spec: { template: { spec: { containers: [{ name: "redis", image }] } } } });
const one = { namespace, service: "redis", image: "redis:7", claims: ["redis-data"] };
const runs: NonNullable<ClusterFacts["runs"]> = [
  { ...one, kind: "Deployment", name: "redis", ran: false },
  { ...one, kind: "Pod", name: "redis-1", ran: true, node: "a" },
];

interface Cluster {
  /** What node `a` is like, on which the volume is. */
  node: Partial<NodeFacts>;
  facts?: Partial<ClusterFacts>;
  service?: object;
  /** The answers to the two questions: the workload, and the dry run. */
  answers?: [number, object][];
  adopting?: boolean;
}

/** The faults of a stack with a redis, of which a volume is there, and the paths that were asked for. */
async function look({ node, facts = {}, service = {}, answers = [], adopting = false }: Cluster) {
  const { plan } = stack(undefined, { redis: { size: "1Gi", namespace, ...service } });
  const asked: string[] = [];
  const api = {
    server: "",
    ask: (to: string) => {
      const [status, body] = answers[asked.length] ?? assert.fail(to);
      asked.push(to);
      return Promise.resolve({ status, body: JSON.stringify(body) });
    },
  };
  const found = {
    classes: [],
    nodes: [nodeFacts("a", node), nodeFacts("b")],
    claims: [claimFacts({ namespace, name: "redis-data", service: "redis", volume: "pvc-1" })],
    volumes: [volumeFacts({ tiedTo: ["a"] })],
    runs,
    ...facts,
  };
  const faults = await keepPlaces(api, { ...plan, adopting }, found, () => ({ spec: {} }));
  return { asked, faults: faults.map((fault) => `${fault.path}: ${fault.message}`) };
}

const none = { asked: [], faults: [] };
const changes: [number, object][] = [
  [200, workload("redis:7")],
  [200, workload("redis:8")],
];
const replaced =
  "services.redis: this update would replace the pod of redis (by containers.redis.image of its template), and the " +
  "new one could start nowhere: claim redis-data has its volume on node a, which ";
const putOff = "have the node take pods first, or put off what concerns redis";

describe("the look at pods that could not start again, before an update", () => {
  const states: [string, Partial<NodeFacts>, string][] = [
    ["cordoned", cordoned, `is cordoned (kubectl uncordon a); ${putOff}`],
    ["not Ready", { conditions: { Ready: "Unknown" } }, `isn't Ready; ${putOff}`],
    ["being deleted", { deleting: true }, `is being deleted; ${putOff}`],
    [
      "tainted since",
      tainted,
      `has the taint dedicated=db:NoSchedule; tolerate the taint in services.redis.tolerations, ${putOff}`,
    ],
  ];
  for (const [what, node, why] of states)
    it(`refuses to replace a pod whose volume's node is ${what}`, async () => {
      const { asked, faults } = await look({ node, answers: changes });
      assert.deepEqual(faults, [replaced + why]);
      assert.deepEqual(asked, [path, `${path}?fieldManager=pulumi-kubernetes&force=true&dryRun=All`]);
    });

  it("refuses no update that leaves the pod as it is, and none that the cluster refuses", async () => {
    const same = await look({ node: cordoned, answers: [changes[0]!, changes[0]!] });
    assert.deepEqual(same.faults, []);
    const refused = await look({ node: cordoned, answers: [changes[0]!, [422, { message: "no" }]] });
    assert.deepEqual(refused.faults, []);
  });

  const gone: [number, object][] = [[404, {}]];
  it("refuses a first pod", async () => {
    const { faults } = await look({ node: cordoned, facts: { runs: [] }, answers: gone });
    assert.deepEqual(faults, [
      "services.redis: the pod of redis could start nowhere: claim redis-data has its volume on node a, which is " +
        `cordoned (kubectl uncordon a); ${putOff}`,
    ]);
  });

  it("refuses nothing where it isn't known whether the workload is there, nor where a pod of it is", async () => {
    assert.deepEqual((await look({ node: cordoned, facts: { runs: undefined }, answers: [[403, {}]] })).faults, []);
    assert.deepEqual((await look({ node: cordoned, facts: { runs: [runs[1]!] }, answers: gone })).faults, []);
  });

  const quiet: [string, Cluster][] = [
    ["the node takes pods", { node: {} }],
    ["the taint is tolerated", { node: tainted, service: { tolerations: [{ key: "dedicated", operator: "Exists" }] } }],
    ["another node reaches the volume", { node: cordoned, facts: { volumes: [volumeFacts({ tiedTo: ["a", "b"] })] } }],
    ["every node reaches it", { node: cordoned, facts: { volumes: [volumeFacts()] } }],
    ["there is no volume yet", { node: cordoned, facts: { claims: [] } }],
    ["the service has no pod", { node: cordoned, service: { run: false } }],
    ["the nodes may not be read", { node: cordoned, facts: { nodes: undefined } }],
    ["the update adopts", { node: cordoned, adopting: true }],
  ];
  for (const [what, cluster] of quiet)
    it(`asks nothing where ${what}`, async () => assert.deepEqual(await look(cluster), none));
});
