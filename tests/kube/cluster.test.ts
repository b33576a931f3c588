import { namedNodes } from "../../plan/guard-nodes";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { readingOnce } from "../../kube/api";
import { locate, readCluster } from "../../kube/cluster";
import { findContext, kubeconfigFiles } from "../../kube/kubeconfig";
import type { ServicePlan } from "../../model/plan";
import { planOf } from "../stack";

const claimList = {
  items: [
    {
      metadata: {
        name: "redis-data",
        namespace: "cache",
        uid: "4711",
        labels: { "app.kubernetes.io/name": "redis" },
        annotations: {
          "cluster-storage/stack": "p/dev",
          "cluster-storage/unprotected": "true",
          "volume.kubernetes.io/selected-node": "worker-1",
        },
      },
      spec: {
        storageClassName: "slow",
        volumeName: "pvc-1",
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
      },
      status: { phase: "Bound" },
    },
    { metadata: { name: "somebody-elses", namespace: "default" }, status: { phase: "Pending" } },
    { metadata: { name: "going", namespace: "cache", deletionTimestamp: "2026-01-01T00:00:00Z" } },
  ],
};
const system = { metadata: { name: "kube-system", uid: "0815" } };
const list = {
  items: [
    { metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } } },
    { metadata: { name: "slow", annotations: { "cluster-storage/default-switched-off-by": "p/dev" } } },
    { metadata: { name: "plain" }, allowVolumeExpansion: true },
  ],
};

const answers: Record<string, object> = {
  "/api/v1/persistentvolumeclaims": claimList,
  "/api/v1/namespaces/kube-system": system,
  "/apis/storage.k8s.io/v1/storageclasses": list,
};

const answer: RequestListener = (request, response) => void response.end(JSON.stringify(answers[request.url ?? ""]));

describe("the one look at the cluster", () => {
  let directory: string;
  let kubeconfig: string;
  let server: Server | undefined;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "kubeconfig-"));
    kubeconfig = join(directory, "config");
  });
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    rmSync(directory, { recursive: true });
  });

  function writeKubeconfig(url: string, user: object = { token: "of-a-user" }): void {
    const content = {
      clusters: [{ name: "c", cluster: { server: url } }],
      users: [{ name: "u", user }],
      contexts: [
        { name: "minikube", context: { cluster: "c", user: "u" } },
        { name: "lost", context: { cluster: "gone", user: "u" } },
      ],
    };
    writeFileSync(kubeconfig, stringify(content));
  }

  async function serve(listener: RequestListener, user?: object): Promise<string> {
    server = createServer(listener).listen(0, "127.0.0.1");
    await new Promise((resolve) => server?.once("listening", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeKubeconfig(url, user);
    return url;
  }

  const look = async (context = "minikube", services: ServicePlan[] = []) => {
    const cluster = { context, kubeconfig, identifier: "dev" };
    return readCluster(cluster, locate(cluster), (claims) => namedNodes({ services }, claims).length > 0);
  };

  async function refused(message: string, context?: string): Promise<void> {
    await assert.rejects(look(context), (error: Error) => {
      assert.equal(error.message, message);
      assert.ok(pulumi.RunError.isInstance(error), "a user's mistake has no stack trace");
      return true;
    });
  }

  it(
    "says which cluster it is, and lists the classes, with the default and those that were switched off, and " +
      "the claims",
    async () => {
      const asked: (string | undefined)[] = [];
      await serve((request, response) => {
        asked.push(request.url, request.headers.authorization);
        answer(request, response);
      });
      const { classes, claims, ...more } = await look();
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
      assert.deepEqual(more, { uid: "0815" });
      assert.deepEqual(asked.sort(), [
        ...Object.keys(answers).sort(),
        "Bearer of-a-user",
        "Bearer of-a-user",
        "Bearer of-a-user",
      ]);
    },
  );

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
      server?.close();
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
    const api = readingOnce(locate({ context: "minikube", kubeconfig, identifier: "dev" }));
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

  it("says that the kubeconfig is not there", () =>
    refused(
      `cluster-storage:cluster.kubeconfig: the kubeconfig ${kubeconfig} is not there; name another one, or ` +
        `make it with the tool that made the cluster\nNothing was changed.`,
    ));

  it("names the nearest context", () => {
    writeKubeconfig("http://127.0.0.1:1");
    return refused(
      `cluster-storage:cluster.context: no context "minkube" in ${kubeconfig}; did you mean ` +
        `"minikube"?\nNothing was changed.`,
      "minkube",
    );
  });

  it("says that a context leads nowhere", () => {
    writeKubeconfig("http://127.0.0.1:1");
    return refused(
      `cluster-storage:cluster.context: context "lost" means cluster "gone", which ${kubeconfig} don't ` +
        `have\nNothing was changed.`,
      "lost",
    );
  });

  it("says that nobody answers", () => {
    writeKubeconfig("http://127.0.0.1:1");
    return refused(
      'the cluster of context "minikube" at http://127.0.0.1:1 can\'t be reached (connect ECONNREFUSED ' +
        "127.0.0.1:1); start it, or name another context in cluster-storage:cluster.context\nNothing was changed.",
    );
  });

  it("waits five seconds for an answer, and no longer", async () => {
    const url = await serve(() => undefined);
    const before = Date.now();
    await refused(
      `the cluster of context "minikube" at ${url} can't be reached (no answer within 5 s); start it, or name ` +
        `another context in cluster-storage:cluster.context\nNothing was changed.`,
    );
    assert.ok(Date.now() - before < 15_000);
  }).timeout(30_000);

  for (const [status, what] of [
    [
      401,
      "doesn't know this context's credentials; renew them, or name another context in " +
        "cluster-storage:cluster.context",
    ],
    [
      403,
      "refuses: these credentials may not list StorageClasses or claims; use a context with more rights in " +
        "cluster-storage:cluster.context",
    ],
  ] as const) {
    it(`says what ${status} means`, async () => {
      const url = await serve((_, response) => response.writeHead(status).end());
      await refused(`the cluster of context "minikube" at ${url} ${what}\nNothing was changed.`);
    });
  }

  it("says that something else answers there", async () => {
    const url = await serve((_, response) => response.writeHead(404).end("hello"));
    await refused(
      `what answers at ${url} for context "minikube" is not a Kubernetes API (status 404); correct the server in ` +
        "the kubeconfig, or name another context in cluster-storage:cluster.context\nNothing was changed.",
    );
  });
});

describe("the kubeconfig", () => {
  it("is the named one, else KUBECONFIG's, else the one at home", () => {
    assert.deepEqual(kubeconfigFiles("/a/b", { KUBECONFIG: "/c" }), ["/a/b"]);
    assert.deepEqual(kubeconfigFiles(undefined, { KUBECONFIG: "/c:/d" }), ["/c", "/d"]);
    assert.match(kubeconfigFiles(undefined, {})[0] ?? "", /\/\.kube\/config$/);
    assert.match(kubeconfigFiles("~/k", {})[0] ?? "", /^\/.*[^~]\/k$/);
  });

  it("may be spread over several files", () => {
    const directory = mkdtempSync(join(tmpdir(), "kubeconfig-"));
    const [first, second] = [join(directory, "1"), join(directory, "2")];
    writeFileSync(first, stringify({ contexts: [{ name: "x", context: { cluster: "c", user: "u" } }] }));
    writeFileSync(
      second,
      stringify({
        clusters: [{ name: "c", cluster: { server: "https://1.2.3.4", "certificate-authority": "ca.crt" } }],
      }),
    );
    const { cluster } = findContext("x", [first, second]);
    rmSync(directory, { recursive: true });
    assert.deepEqual([cluster.server, cluster.caFile], ["https://1.2.3.4", join(directory, "ca.crt")]);
  });
});
