import assert from "node:assert/strict";
import { type KubeObject } from "./fake-cluster";

import { core, deployment, claimPath, move, job, useMoves, workload } from "./moves";

describe("a move that can't be made", () => {
  const scene = useMoves();
  const { addClaims, run, assertBack, untouched } = scene;

  it("refuses a target that is too small before anything is stopped", async () => {
    scene.cluster.put(claimPath("redis-data-2"), {
      ...scene.cluster.get(claimPath("redis-data-2")),
      spec: { resources: { requests: { storage: "4Ki" } } },
    });
    const { code, message } = await run();
    assert.equal(code, 3);
    assert.equal(
      message,
      "redis was not moved from redis-data to redis-data-2: redis-data uses 4.0 KiB in 1 file, and " +
        "redis-data-2 is 4Ki: it needs at least 4.1 KiB. The service was left as it was.",
    );
    untouched();
  });

  it("measures a volume for one pod only after the stop, and brings the service back", async () => {
    scene.cluster.put(claimPath("redis-data-2"), {
      ...scene.cluster.get(claimPath("redis-data-2")),
      spec: { resources: { requests: { storage: "4Ki" } } },
    });
    const made: string[] = [];
    scene.cluster.behaviour = (pod) => {
      made.push(pod.metadata.name as string);
      return scene.cluster.runCopy(pod);
    };
    const { code, message } = await run({ ...move, source: { ...move.source, accessMode: "ReadWriteOncePod" } });
    assert.equal(code, 3);
    assert.match(message ?? "", /needs at least 4\.1 KiB\. The service is back on redis-data\.$/);
    assert.deepEqual(made, [`${job}-measure`]);
    assert.ok(
      scene.cluster.changes.indexOf(`PATCH ${deployment}`) < scene.cluster.changes.indexOf(`POST ${core}/pods`),
      scene.cluster.changes.join(),
    );
    assertBack();
  });

  it("refuses a claim that isn't there, or that another pod uses", async () => {
    scene.cluster.objects.delete(claimPath("redis-data-2"));
    assert.equal(
      (await run()).message,
      "redis was not moved from redis-data to redis-data-2: there is no claim redis-data-2 in cache. The " +
        "service was left as it was.",
    );
    addClaims("redis-data-2");
    scene.cluster.objects.set(`${core}/pods/other`, {
      metadata: { name: "other" },
      spec: { volumes: [{ name: "x", persistentVolumeClaim: { claimName: "redis-data-2" } }] },
      status: { phase: "Running" },
    });
    assert.equal(
      (await run()).message,
      "redis was not moved from redis-data to redis-data-2: redis-data-2 is in use by pod other, so nothing " +
        "is copied to it. The service was left as it was.",
    );
    untouched();
  });

  it("refuses a workload that uses neither volume", async () => {
    scene.cluster.put(
      deployment,
      workload("redis-data", {
        pod: {
          volumes: [
            { name: "scratch", emptyDir: {} },
            { name: "redis-data", persistentVolumeClaim: { claimName: "somebody-elses" } },
          ],
        },
      }),
    );
    assert.match(
      (await run()).message ?? "",
      /Deployment redis uses neither redis-data nor redis-data-2 for its volume redis-data; nothing was changed/,
    );
    untouched();
  });

  const atStart: [string, KubeObject, KubeObject[], string][] = [
    [
      "no node can take the pod",
      {
        phase: "Pending",
        conditions: [
          {
            type: "PodScheduled",
            status: "False",
            reason: "Unschedulable",
            message: "0/1 nodes are available: 1 Insufficient cpu.",
          },
        ],
      },
      [],
      `pod ${job}-measure doesn't start: no node can take it: 0/1 nodes are available: 1 Insufficient cpu.`,
    ],
    [
      "the image can't be pulled",
      {
        phase: "Pending",
        containerStatuses: [
          { state: { waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "mover:1"' } } },
        ],
      },
      [],
      `pod ${job}-measure doesn't start: ImagePullBackOff: Back-off pulling image "mover:1"`,
    ],
    [
      "the class is missing",
      {
        phase: "Pending",
        conditions: [
          { type: "PodScheduled", status: "False", message: "pod has unbound immediate PersistentVolumeClaims" },
        ],
      },
      [
        {
          reason: "ProvisioningFailed",
          message: 'storageclass.storage.k8s.io "fast" not found',
          lastTimestamp: "2026-01-01T00:00:00Z",
        },
      ],
      `pod ${job}-measure doesn't start: no node can take it: pod has unbound immediate ` +
        `PersistentVolumeClaims; ProvisioningFailed: storageclass.storage.k8s.io "fast" not found`,
    ],
  ];
  for (const [what, status, events, reason] of atStart) {
    it(`says in the cluster's own words when ${what}, with the service untouched`, async () => {
      scene.cluster.behaviour = ({ metadata }) => scene.cluster.setStatus(`${core}/pods/${metadata.name}`, status);
      events.forEach((event, i) => scene.cluster.objects.set(`${core}/events/${i}`, event));
      assert.deepEqual(await run(), {
        code: 3,
        message: `redis was not moved from redis-data to redis-data-2: ${reason}. The service was left as it was.`,
      });
      untouched();
      assertBack();
    });
  }

  it("brings the service back when the copy pod, of all pods, finds no node", async () => {
    scene.cluster.behaviour = (pod) => {
      if (pod.metadata.name.endsWith("-measure")) return scene.cluster.runCopy(pod);
      scene.cluster.setStatus(`${core}/pods/${pod.metadata.name}`, atStart[0]![1]);
      return undefined;
    };
    const { code, message } = await run();
    assert.equal(code, 3);
    assert.match(message ?? "", /1 Insufficient cpu\.\. The service is back on redis-data\.$/);
    assertBack();
  });

  it("says what a quota refuses", async () => {
    scene.cluster.refuse = (method, path) => {
      if (method === "POST" && path.endsWith("/pods"))
        throw [
          403,
          "Forbidden",
          'pods "x" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=3, limited: pods=3',
        ];
    };
    const { code, message } = await run();
    assert.equal(code, 3);
    assert.match(
      message ?? "",
      new RegExp(
        String.raw`the cluster refuses the copy pod: pods "x" is forbidden: exceeded quota: compute, ` +
          String.raw`requested: pods=1, used: pods=3, limited: pods=3\. The service was left as it was\.$`,
      ),
    );
    untouched();
  });
});
