import assert from "node:assert/strict";
import { servedCluster } from "./served-cluster";

describe("a cluster that can't be read", () => {
  const { serve, refused, writeKubeconfig, kubeconfig } = servedCluster();

  it("says that the kubeconfig is not there", () =>
    refused(
      `cluster-storage:cluster.kubeconfig: the kubeconfig ${kubeconfig()} is not there; name another one, or ` +
        `make it with the tool that made the cluster\nNothing was changed.`,
    ));

  it("names the nearest context", () => {
    writeKubeconfig("http://127.0.0.1:1");
    return refused(
      `cluster-storage:cluster.context: no context "minkube" in ${kubeconfig()}; did you mean ` +
        `"minikube"?\nNothing was changed.`,
      "minkube",
    );
  });

  it("says that a context leads nowhere", () => {
    writeKubeconfig("http://127.0.0.1:1");
    return refused(
      `cluster-storage:cluster.context: context "lost" leads to cluster "gone", and that is not in ${kubeconfig()}; ` +
        `correct the kubeconfig, or name another context\nNothing was changed.`,
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

  it("waits fifteen seconds for an answer, and no longer", async () => {
    const url = await serve(() => undefined);
    const before = Date.now();
    await refused(
      `the cluster of context "minikube" at ${url} can't be reached (no answer within 15 s); start it, or name ` +
        `another context in cluster-storage:cluster.context\nNothing was changed.`,
    );
    assert.ok(Date.now() - before < 25_000);
  }).timeout(40_000);

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

  for (const status of [429, 500, 503, 504]) {
    it(`takes ${status} for a cluster that can't answer now, and for no other program`, async () => {
      const url = await serve((_, response) => response.writeHead(status).end("GatewayTimeout"));
      await refused(
        `the cluster of context "minikube" at ${url} can't answer now (status ${status}): it is overloaded or ` +
          "starting; try again when kubectl --context minikube get --raw /readyz says ok\nNothing was changed.",
      );
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
