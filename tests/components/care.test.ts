import assert from "node:assert/strict";
import { Backups } from "../../components/backups";
import { Hidden } from "../../model/hidden";
import { planOf } from "../stack";
import { names, one, record, secretOf } from "./recorded";

const yaml = (prune = "") => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:backups:
    { keep: { daily: 14d }, repository: { rest: { url: "https://a:8000/c"${prune} }, password: { secure: v1:abc } } }
  cluster-storage:services: { redis: { size: 1Gi } }
`;
const login = { url: "https://prune.lan:8001/c", user: "pruner", password: new Hidden("the-pruners-password") };

function created(prune?: typeof login) {
  const { plan } = planOf(yaml(prune && ', prune: { url: "https://prune.lan:8001/c" }'));
  const { owner, services, mover, backups } = plan;
  const password = new Hidden("the-hidden-password");
  const repository = { rest: { url: "https://a:8000/c" }, password };
  const { care } = backups!;
  const pruning = care.prune && { prune: { ...care.prune, repository: { rest: prune, password } } };
  const open = { ...backups!, repository, care: { ...care, ...pruning } };
  return record((opts) => void new Backups("backups", { owner, services, mover, backups: open }, opts));
}
const podOf = async (prune?: typeof login) =>
  one(await created(prune), "CronJob", "backups-care").inputs.spec.jobTemplate.spec.template.spec;

describe("the objects of a repository's care", () => {
  it("are a CronJob that runs as nobody, with the policy of each service", async () => {
    const { securityContext, serviceAccountName, containers, volumes } = await podOf();
    assert.deepEqual([securityContext.runAsUser, serviceAccountName], [65_534, "backups-care"]);
    assert.deepEqual(containers[0].command, ["node", "/programs/care.mjs"]);
    const { value } = containers[0].env.find(({ name }: { name: string }) => name === "CARE");
    assert.deepEqual((JSON.parse(value) as { services: object }).services, [
      { service: "redis", namespace: "local-ai-system", claims: ["redis-data"], keep: { daily: "14d" } },
    ]);
    assert.equal(volumes[1].secret.secretName, "backups");
  });

  it("may see the notes on the claims, take the Lease, and tell what it came to", async () => {
    const all = await created();
    const { metadata, rules } = one(all, "Role", "redis-backups-care").inputs;
    assert.equal(metadata.namespace, "local-ai-system");
    assert.deepEqual(rules, [
      { apiGroups: [""], resources: ["persistentvolumeclaims"], resourceNames: ["redis-data"], verbs: ["get"] },
    ]);
    const verbs = one(all, "Role", "backups-care").inputs.rules.map((rule: { resources: string[]; verbs: string[] }) =>
      [...rule.verbs, ...rule.resources].join(" "),
    );
    assert.deepEqual(verbs, ["create leases", "get patch leases", "get pods", "create events"]);
  });

  it("have what may remove points in a Secret of their own, and reach where that is", async () => {
    const all = await created(login);
    const own = secretOf(one(all, "Secret", "backups-care").inputs.stringData) as Record<string, string>;
    assert.equal(own.repository, "rest:https://pruner:the-pruners-password@prune.lan:8001/c");
    const others = secretOf(one(all, "Secret", "backups").inputs.stringData) as Record<string, string>;
    assert.equal(others.repository, "rest:https://a:8000/c");
    const pod = one(all, "CronJob", "backups-care").inputs.spec.jobTemplate.spec.template.spec;
    assert.equal(pod.volumes[1].secret.secretName, "backups-care");
    const { podSelector, egress } = one(all, "NetworkPolicy", "backups-care").inputs.spec;
    assert.deepEqual(Object.values(podSelector.matchLabels as object), ["backups-care"]);
    assert.deepEqual(egress, [{ ports: [{ protocol: "TCP", port: 8001 }] }]);
  });

  it("have no Secret of their own without that", async () =>
    assert.deepEqual(names(await created(), "Secret"), ["backups"]));
});
