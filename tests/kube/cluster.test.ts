import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { readingOnce } from "../../kube/api";
import { locate } from "../../kube/cluster";
import { planOf } from "../stack";
import { answer, answers, claimList, servedCluster } from "./served-cluster";

describe("the one look at the cluster", () => {
  const { serve, look, kubeconfig, stop } = servedCluster();

  it(
    "says which cluster it is, and lists the classes, with the default and those that were switched off, the " +
      "claims and the volumes",
    async () => {
      const asked: (string | undefined)[] = [];
      const server = await serve((request, response) => {
        asked.push(request.url, request.headers.authorization);
        answer(request, response);
      });
      const { classes, claims, volumes, ...more } = await look();
      assert.deepEqual(
        classes.map(({ name, isDefault, switchedOffBy, allowsExpansion }) => [
          name,
          isDefault,
          switchedOffBy,
          allowsExpansion,
        ]),
        [
          ["standard", true, undefined, false],
          ["slow", false, "p/dev", false],
          ["plain", false, undefined, true],
        ],
      );
      const unknown = { capacity: undefined, created: undefined, node: undefined, stack: undefined };
      assert.deepEqual(claims, [
        {
          ...unknown,
          namespace: "cache",
          name: "redis-data",
          uid: "4711",
          service: "redis",
          stack: "p/dev",
          className: "slow",
          size: "1Gi",
          phase: "Bound",
          volume: "pvc-1",
          accessModes: ["ReadWriteOnce"],
          node: "worker-1",
          unprotected: true,
          deleting: false,
          annotations: claimList.items[0]?.metadata.annotations,
        },
        {
          ...unknown,
          namespace: "default",
          name: "somebody-elses",
          uid: "",
          service: "",
          className: undefined,
          size: "0",
          phase: "Pending",
          volume: undefined,
          accessModes: [],
          unprotected: false,
          deleting: false,
          annotations: {},
        },
        {
          ...unknown,
          namespace: "cache",
          name: "going",
          uid: "",
          service: "",
          className: undefined,
          size: "0",
          phase: "Pending",
          volume: undefined,
          accessModes: [],
          unprotected: false,
          deleting: true,
          annotations: {},
        },
      ]);
      assert.deepEqual(
        volumes?.map(({ name, phase, reclaimPolicy, claim, claimUid }) => [
          name,
          phase,
          reclaimPolicy,
          claim,
          claimUid,
        ]),
        [["pvc-1", "Bound", "Retain", "cache/redis-data", "4711"]],
      );
      assert.deepEqual(more, { server, apiPorts: [16443], uid: "0815", made: "2026-01-01T00:00:00.000Z" });
      assert.deepEqual(asked.sort(), [
        ...Object.keys(answers).sort(),
        "Bearer of-a-user",
        "Bearer of-a-user",
        "Bearer of-a-user",
        "Bearer of-a-user",
        "Bearer of-a-user",
      ]);
    },
  );

  it("does without the volumes where they may not be listed", async () => {
    await serve((request, response) =>
      request.url === "/api/v1/persistentvolumes" ? void response.writeHead(403).end() : answer(request, response),
    );
    assert.equal((await look()).volumes, undefined);
  });

  it("does without the cluster's identity where it may not be read", async () => {
    await serve((request, response) =>
      request.url === "/api/v1/namespaces/kube-system" ? void response.writeHead(403).end() : answer(request, response),
    );
    assert.equal((await look()).uid, undefined);
  });

  describe("the nodes", () => {
    /** What is asked and found for a stack that has Redis at these lines. */
    async function nodesFor(
      redis: string,
      nodes: RequestListener = (_, response) =>
        void response.end(JSON.stringify({ items: [{ metadata: { name: "worker-1" } }] })),
    ) {
      let asked = 0;
      await serve((request, response) => {
        if (request.url !== "/api/v1/nodes") return answer(request, response);
        asked++;
        return nodes(request, response);
      });
      const { plan, faults } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { slow: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:services: { redis: { size: 1Gi, namespace: cache${redis} } }`);
      assert.deepEqual(faults, []);
      const facts = await look("minikube", plan.services);
      return [asked, facts.nodes?.map(({ name }) => name)];
    }
    const kept = "kept: [{ generation: 1, size: 1Gi, node: worker-1 }]";

    it("are read where a volume is to be made on one by name", async () =>
      assert.deepEqual(await nodesFor(`, generation: 2, node: worker-1, ${kept}`), [1, ["worker-1"]]));
    it("are not where none is named", async () => assert.deepEqual(await nodesFor(""), [0, undefined]));
    it("are not where the volume is there", async () =>
      assert.deepEqual(await nodesFor(", node: worker-1"), [0, undefined]));
    it("are done without where they may not be read, and where that breaks off", async () => {
      assert.deepEqual(
        await nodesFor(`, generation: 2, node: worker-1, ${kept}`, (_, response) => void response.writeHead(403).end()),
        [1, undefined],
      );
      stop();
      assert.deepEqual(
        await nodesFor(`, generation: 2, node: worker-1, ${kept}`, (request) => void request.socket.destroy()),
        [1, undefined],
      );
    });
  });

  it("takes a credential plugin's token", async () => {
    const credential = JSON.stringify({
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: "of-a-plugin" },
    });
    let authorization: string | undefined;
    const user = {
      exec: { apiVersion: "client.authentication.k8s.io/v1", command: "sh", args: ["-c", `echo '${credential}'`] },
    };
    await serve((request, response) => {
      authorization = request.headers.authorization;
      answer(request, response);
    }, user);
    await look();
    assert.equal(authorization, "Bearer of-a-plugin");
  });

  it("reads nothing twice that is looked at in one moment, and everything that is asked with a body", async () => {
    const asked: string[] = [];
    await serve((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.accept ?? ""}`.trim());
      response.end("{}");
    });
    const api = readingOnce(locate({ context: "minikube", kubeconfig: kubeconfig(), identifier: "dev" }));
    for (const round of [1, 2])
      await Promise.all([
        api.ask("/version"),
        api.ask("/version"),
        api.ask("/version", { accept: "a/b" }),
        api.ask("/reviews", { body: { round } }),
      ]);
    assert.deepEqual(asked.sort(), [
      "GET /version a/b",
      "GET /version application/json",
      "POST /reviews application/json",
      "POST /reviews application/json",
    ]);
  });
});
