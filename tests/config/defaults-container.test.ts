import assert from "node:assert/strict";
import { namingDefaults } from "../../model/inherited";
import { guardData } from "../../plan/guards";
import { classFacts, nodeFacts } from "../facts";
import { claim } from "../plan/guard-fixture";
import { planOf } from "../stack";
import { of, said, servicesOf, stack } from "./defaults-fixture";

describe("settings of all services' containers at once", () => {
  it("probes: less than a service's catalogue has is refused, with the services by their reasons", () => {
    assert.deepEqual(
      said(
        "{ probes: { startupSeconds: 600 } }",
        of("postgres"),
        of("redis"),
        of("taskflow-db", "probes: { livenessSeconds: 300 }"),
        of("neo4j", "probes: { startupSeconds: null }"),
      ),
      [
        "defaults.probes.startupSeconds: doesn't fit postgres and taskflow-db: 600 is less than the 1800 seconds of " +
          "the catalogue, which each needs while it recovers or is busy; raise it, or leave it out; set it at the " +
          "services that it fits instead, or take it away at each of them with " +
          "services.SERVICE.probes.startupSeconds: null",
      ],
    );
    const { redis, qdrant } = servicesOf(
      "{ probes: { startupSeconds: 7200, timeoutSeconds: 30 } }",
      of("redis"),
      of("qdrant", "probes: { timeoutSeconds: 60 }"),
    );
    const startOf = ({
      startup,
    }: {
      startup?: { timeoutSeconds?: number; periodSeconds?: number; failureThreshold?: number };
    }) => [startup!.timeoutSeconds, startup!.periodSeconds! * startup!.failureThreshold!];
    assert.deepEqual(startOf(redis!.container.probes), [30, 7200]);
    assert.deepEqual(startOf(qdrant!.container.probes), [60, 7200]);
  });

  it("service: merged by key, with a service's own type, and its annotations by theirs", () => {
    const { redis, qdrant, searxng, neo4j } = servicesOf(
      "{ service: { annotations: { a.example/x: all, a.example/y: all } } }",
      of("redis"),
      of(
        "qdrant",
        "service: { type: NodePort, loadBalancerSourceRanges: [10.0.0.0/8], annotations: { a.example/y: own } }",
      ),
      of("searxng", "service: { annotations: { a.example/x: null } }"),
      of("neo4j", "service: null"),
    );
    assert.deepEqual(redis?.front, { type: "ClusterIP", annotations: { "a.example/x": "all", "a.example/y": "all" } });
    assert.deepEqual(
      [qdrant?.front?.type, qdrant?.front?.annotations],
      ["NodePort", { "a.example/x": "all", "a.example/y": "own" }],
    );
    assert.deepEqual(searxng?.front?.annotations, { "a.example/y": "all" });
    assert.equal(neo4j?.front, undefined);
  });

  it("service: what is missing in it is said once, for all that take it", () => {
    assert.deepEqual(said("{ service: { type: NodePort } }", of("redis"), of("qdrant"), of("neo4j", "service: null")), [
      "defaults.service.loadBalancerSourceRanges: doesn't fit redis and qdrant: is missing, and type NodePort lets " +
        "each be reached from outside; say who may, for instance [192.168.1.0/24], or [0.0.0.0/0, ::/0] for " +
        "everybody; leave it out here, and set what fits at the services themselves",
    ]);
  });

  it("egress: replaced as a whole, and gone by [] and null", () => {
    const { redis, qdrant, searxng, neo4j } = servicesOf(
      "{ egress: [{ cidr: 10.0.0.1/32, ports: [53/udp] }] }",
      of("redis"),
      of("qdrant", "egress: [{ internet: true, ports: [587] }]"),
      of("searxng", "egress: []"),
      of("neo4j", "egress: null"),
    );
    const egress = (service: typeof redis) => service?.network.egress;
    const dns = { to: { blocks: [{ cidr: "10.0.0.1/32" }] }, ports: [{ protocol: "UDP", port: 53 }] };
    assert.deepEqual(egress(redis), [dns]);
    assert.deepEqual(egress(qdrant)?.length, 1);
    assert.deepEqual(egress(qdrant)?.[0]?.ports, [{ protocol: "TCP", port: 587 }]);
    const plain = servicesOf("{}", of("searxng"), of("neo4j"));
    assert.deepEqual(searxng?.network, plain.searxng?.network);
    assert.deepEqual(neo4j?.network, plain.neo4j?.network);
  });

  it("egress: a fault in it is said once", () => {
    assert.deepEqual(said("{ egress: [{ cidr: 10.0.0.1, internet: true }] }", of("redis"), of("qdrant")), [
      "defaults.egress[0]: has cidr and internet; make an entry for each",
    ]);
  });

  it("shm: a default that is not below one service's memory limit is refused for that one", () => {
    assert.deepEqual(said("{ shm: 700Mi }", of("postgres"), of("redis"), of("qdrant", "shm: null")), [
      "defaults.shm: doesn't fit redis: 700Mi is not below the memory limit 512Mi, towards which it counts: the " +
        "kernel would end the program before it is full; lower it, or raise services.redis.resources.limits.memory; " +
        "set it at the services that it fits instead, or take it away with services.redis.shm: null",
    ]);
    const { postgres, redis } = servicesOf("{ shm: 100Mi }", of("postgres"), of("redis", "shm: null"));
    assert.deepEqual([postgres?.container.shm, redis?.container.shm], ["100Mi", undefined]);
  });

  it("extraVolumes: one that would hide a service's data is refused for that one", () => {
    const volumes = "{ extraVolumes: [{ path: /opt/ca, secret: ca }, { path: /data, configMap: x }] }";
    assert.deepEqual(said(volumes, of("redis"), of("qdrant"), of("neo4j", "extraVolumes: []")), [
      "defaults.extraVolumes[1].path: doesn't fit redis: /data is where the data of the claim redis-data is, which " +
        "would be hidden; choose another path; set it at the services that it fits instead, or take it away with " +
        "services.redis.extraVolumes: null",
    ]);
    const { qdrant, searxng } = servicesOf(
      "{ extraVolumes: [{ path: /opt/ca, secret: ca }] }",
      of("qdrant"),
      of("searxng", "extraVolumes: [{ path: /opt/own, configMap: own }]"),
    );
    const paths = (service: typeof qdrant) => service?.container.extraVolumes?.map(({ path }) => path);
    assert.deepEqual([paths(qdrant), paths(searxng)], [["/opt/ca"], ["/opt/own"]]);
  });

  it("resources: a fault of both together names the part from the defaults", () => {
    assert.deepEqual(
      said(
        "{ resources: { limits: { memory: 1Gi } } }",
        of("neo4j", 'resources: { limits: { cpu: "1" } }'),
        of("redis"),
      ),
      [
        "services.neo4j.resources: the memory limit 1Gi is below the request 2Gi; raise the limit or lower the " +
          "request (with cluster-storage:defaults.resources.limits.memory)",
      ],
    );
  });
});

describe("faults that only the cluster shows", () => {
  it("name the defaults where the setting came from there", () => {
    const { plan, config } = planOf(stack("{ nodeSelector: { disk: fast } }", of("redis"), of("qdrant")));
    const guarded = guardData(plan, {
      classes: [classFacts("local-path", { isDefault: true })],
      claims: [claim({ node: "a", volume: "pvc-1" })],
      volumes: [],
      nodes: [nodeFacts("a")],
    });
    assert.deepEqual(
      namingDefaults(guarded.faults, config.inherited).map(({ path, message }) => `${path}: ${message}`),
      [
        "defaults.nodeSelector: doesn't fit redis: node a has no label disk=fast, and claim redis-data has its " +
          "volume on node a, so the pod could start nowhere; take the label out, give it to the node (kubectl label " +
          "node a disk=fast), or move the data: npm run move -- redis --node NODE; set it at the services that it " +
          "fits instead, or take it away with services.redis.nodeSelector: null",
      ],
    );
  });
});
