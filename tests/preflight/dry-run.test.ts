import assert from "node:assert/strict";
import type { Answer, Api, AskOptions } from "../../kube/api";
import type { AdmissionAnswer } from "../../model/preflight-facts";
import type { PlannedPod } from "../../model/planned-pod";
import { tryAdmission } from "../../preflight/admission/try";

const pod: PlannedPod = {
  what: "the pod of redis",
  service: "redis",
  namespace: "cache",
  labels: { app: "redis" },
  spec: { containers: [{ name: "redis" }], serviceAccountName: "redis" },
  madeBy: {
    path: "/apis/apps/v1/namespaces/cache/deployments",
    manifest: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "redis" } },
  },
};
const status = (code: number, message: string, details?: object): Answer => ({
  status: code,
  body: JSON.stringify({ kind: "Status", message, details }),
});
const created: Answer = { status: 201, body: "{}" };

interface Sent {
  path: string;
  body: { kind: string; metadata: { namespace: string }; spec?: { serviceAccountName?: string } };
}

/** What is said of the pod by an API server that answers so, and what was sent to it. */
async function saidBy(answer: (sent: Sent) => Answer | Error): Promise<{ said: AdmissionAnswer; sent: Sent[] }> {
  const sent: Sent[] = [];
  const api: Api = {
    server: "",
    ask: async (path, { body }: AskOptions = {}) => {
      const one = { path, body: body as Sent["body"] };
      sent.push(one);
      const given = answer(one);
      return given instanceof Error ? Promise.reject(given) : given;
    },
  };
  const [said] = await tryAdmission(api, [pod]);
  return { said: said!, sent };
}

const admitted = { what: "the pod of redis", namespace: "cache", triedIn: "cache", verdict: "admitted", message: "" };

describe("a dry run of a pod", () => {
  it("asks for the pod and for its workload, and makes nothing", async () => {
    const { said, sent } = await saidBy(() => created);
    assert.deepEqual(said, admitted);
    assert.deepEqual(
      sent.map(({ path, body }) => [path, body.kind, body.metadata.namespace, body.spec?.serviceAccountName]),
      [
        ["/api/v1/namespaces/cache/pods?dryRun=All&fieldManager=cluster-storage", "Pod", "cache", "redis"],
        [
          "/apis/apps/v1/namespaces/cache/deployments?dryRun=All&fieldManager=cluster-storage",
          "Deployment",
          "cache",
          undefined,
        ],
      ],
    );
  });

  const gone = status(404, 'namespaces "cache" not found', { kind: "namespaces", name: "cache" });
  it("is made in namespace default where its own isn't there yet", async () => {
    const { said, sent } = await saidBy(({ path }) => (path.includes("/cache/") ? gone : created));
    assert.deepEqual(said, { ...admitted, triedIn: "default" });
    assert.deepEqual(
      sent.map(({ path, body }) => `${path.split("/").slice(-2, -1).join()} ${body.metadata.namespace}`),
      ["cache cache", "default default", "cache cache", "default default"],
    );
  });

  it("leaves out an account that isn't there yet", async () => {
    const message =
      'pods "x" is forbidden: error looking up service account cache/redis: serviceaccount "redis" not found';
    const { said, sent } = await saidBy(({ body }) =>
      body.spec?.serviceAccountName === undefined ? created : status(403, message),
    );
    assert.deepEqual(said, admitted);
    assert.equal(sent.length, 3);
  });

  const webhook =
    'admission webhook "validate.kyverno.svc-fail" denied the request: \n\nresource Pod/cache/x was ' +
    "blocked:\n\nrequire-team:\n  autogen-check: no team\n";
  const cases: [string, Answer | Error, Pick<AdmissionAnswer, "verdict" | "message">][] = [
    [
      "a webhook's refusal, in one line",
      status(400, webhook),
      {
        verdict: "refused",
        message:
          'admission webhook "validate.kyverno.svc-fail" denied the request: resource Pod/cache/x was blocked: ' +
          "require-team: autogen-check: no team",
      },
    ],
    [
      "a policy of the cluster's own",
      status(422, `pods "x" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no team`),
      { verdict: "refused", message: "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no team" },
    ],
    [
      "Pod Security",
      status(403, 'pods "x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true'),
      { verdict: "refused", message: 'violates PodSecurity "restricted:latest": runAsNonRoot != true' },
    ],
    [
      "a PriorityClass that isn't there",
      status(403, 'pods "cluster-storage-try-x" is forbidden: no PriorityClass with name high was found'),
      { verdict: "refused", message: "no PriorityClass with name high was found" },
    ],
    [
      "a webhook that is down",
      status(500, 'Internal error occurred: failed calling webhook "w": connection refused'),
      { verdict: "refused", message: 'Internal error occurred: failed calling webhook "w": connection refused' },
    ],
    [
      "a webhook that does not bear a dry run",
      status(400, 'admission webhook "w" does not support dry run'),
      { verdict: "unable", message: 'admission webhook "w" does not support dry run' },
    ],
    [
      "no right to make pods",
      status(
        403,
        'pods is forbidden: User "ci" cannot create resource "pods" in API group "" in the namespace "cache"',
      ),
      { verdict: "unable", message: "these credentials may not create pods" },
    ],
    [
      "a pod that is wrong in itself",
      status(422, 'Pod "cluster-storage-try-x" is invalid: spec.affinity: Required value'),
      { verdict: "refused", message: "Pod is invalid: spec.affinity: Required value" },
    ],
    ["no answer", new Error("no answer within 5 s"), { verdict: "unable", message: "no answer within 5 s" }],
    [
      "a quota, which another check knows",
      status(403, 'pods "x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1'),
      { verdict: "admitted", message: "" },
    ],
    [
      "a limit range, which another check knows",
      status(403, 'pods "x" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi'),
      { verdict: "admitted", message: "" },
    ],
    ["one of that name", status(409, 'deployments.apps "redis" already exists'), { verdict: "admitted", message: "" }],
    ["an answer in no form", { status: 418, body: "<html>" }, { verdict: "refused", message: "status 418" }],
  ];
  for (const [title, answer, verdict] of cases)
    it(`understands ${title}`, async () => {
      const { said } = await saidBy(() => answer);
      assert.deepEqual([said.verdict, said.message], [verdict.verdict, verdict.message]);
    });

  it("names the workload where that is what is refused", async () => {
    const { said } = await saidBy(({ body }) => (body.kind === "Pod" ? created : status(400, webhook)));
    assert.deepEqual([said.what, said.verdict], ["the Deployment redis", "refused"]);
  });
});
