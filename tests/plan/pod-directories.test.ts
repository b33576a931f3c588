import assert from "node:assert/strict";
import { directoryFaults } from "../../plan/pod-directories";
import type { Dry, PodTemplate } from "../../plan/pod-template";
import { planOf } from "../stack";

const { plan } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
    scratch: { type: ephemeral, allowDataLoss: a test }
  cluster-storage:services:
    redis:
      { size: 1Gi, backend: scratch, generation: 2, kept: [{ generation: 1, size: 1Gi, backend: local-path }] }
`);
const service = plan.services[0]!;

const bring = { name: "bring-redis-data", image: "mover:1" };
const directory = { name: "redis-data", emptyDir: { sizeLimit: "1Gi" } };
const onClaim = { name: "redis-data", persistentVolumeClaim: { claimName: "redis-data" } };
const template = (
  { init = [bring], volumes = [directory] }: { init?: (typeof bring)[]; volumes?: { name: string }[] } = {},
  container: object = {},
): PodTemplate => ({
  spec: {
    initContainers: init,
    containers: [{ name: "redis", resources: { limits: { "ephemeral-storage": "3Gi" } }, ...container }],
    volumes,
  },
});
const before = template({ init: [], volumes: [onClaim] }, { resources: { limits: { "ephemeral-storage": "2Gi" } } });
const wayOut =
  "take the data to a claim, in the same update or before: npm run move -- redis --to BACKEND; to give up what is in " +
  "the pod: from: none in its lines";
const lost = (what: string, how: string) =>
  `this update would ${what} of redis${how}, whose own directory has the data of redis: the next pod begins with ` +
  `what claim redis-data had when the data left it, and what was written since would be lost; ${wayOut}`;

describe("an update of a service whose pod has its data", () => {
  const table: [string, PodTemplate, Dry | undefined, string | undefined][] = [
    ["that changes nothing", template(), { template: structuredClone(template()) }, undefined],
    [
      "that changes its image",
      template({}, { image: "redis:7" }),
      { template: template({}, { image: "redis:8" }) },
      lost("replace the pod", " (by containers.redis.image of its template)"),
    ],
    [
      "that changes its limit, from which a variable is made",
      template({}, { env: [{ name: "MAXMEMORY", value: "1" }], resources: { limits: { memory: "1Gi" } } }),
      {
        template: template({}, { env: [{ name: "MAXMEMORY", value: "2" }], resources: { limits: { memory: "2Gi" } } }),
      },
      lost("replace the pod", " (by containers.redis.resources.limits.memory of its template)"),
    ],
    [
      "that changes a variable alone",
      template({}, { env: [{ name: "MAXMEMORY", value: "1" }] }),
      { template: template({}, { env: [{ name: "MAXMEMORY", value: "2" }] }) },
      lost("replace the pod", " (by containers.redis.env.MAXMEMORY.value of its template)"),
    ],
    [
      "that changes the mover's image",
      template(),
      { template: template({ init: [{ ...bring, image: "mover:2" }] }) },
      lost("replace the pod", " (by initContainers.bring-redis-data.image of its template)"),
    ],
    [
      "that adds a volume",
      template(),
      { template: template({ volumes: [directory, { name: "more" }] }) },
      lost("replace the pod", " (by volumes.more of its template)"),
    ],
    ["that takes the workload away", template(), undefined, lost("take away the pod", "")],
    [
      "that the cluster doesn't take in a dry run",
      template(),
      { refused: "the cluster answers 422: Forbidden" },
      "whether this update replaces the pod of redis, whose own directory has the data of redis, can't be told (the " +
        `cluster answers 422: Forbidden); ${wayOut}`,
    ],
    ["that only moves the data into the pod", before, { template: template() }, undefined],
    [
      "that moves the data into the pod and changes its image",
      before,
      { template: template({}, { image: "redis:8" }) },
      "this update would take the data of redis into the pod of redis and then replace that pod, which loses what is " +
        "written in between; update first without the move, and then move it",
    ],
    ["that moves the data of a controller's claim, which can't be tried", before, { refused: "Forbidden" }, undefined],
    ["whose directory was never filled", template({ init: [] }), { template: template() }, undefined],
  ];
  for (const [what, live, next, message] of table)
    it(`${what} is ${message === undefined ? "made" : "refused"}`, () =>
      assert.deepEqual(
        directoryFaults(service, live, next),
        message === undefined ? [] : [{ path: "services.redis", message }],
      ));

  it("that takes the data to a claim is made: the plan has nothing in the pod", () => {
    const claims = service.claims.map((claim) => ({ ...claim, move: undefined }));
    assert.deepEqual(directoryFaults({ ...service, claims }, template(), { template: before }), []);
  });
});
