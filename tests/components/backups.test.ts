import assert from "node:assert/strict";
import { Backups } from "../../components/backups";
import { backupPolicy } from "../../components/network";
import type { BackupsPlan } from "../../model/backups";
import { Hidden } from "../../model/hidden";
import { planOf } from "../stack";
import { names, one, record, secretOf } from "./recorded";

const yaml = `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:backups: { repository: { rest: { url: "https://backup.lan/c" }, password: { secure: v1:abc } } }
  cluster-storage:services:
    redis: { size: 1Gi, tolerations: [{ key: a, operator: Exists }], imagePullSecrets: [login] }
    searxng: { size: 1Gi, backup: none, because: in git }
`;
const password = new Hidden("the-hidden-password");

function created(
  repository: BackupsPlan["repository"] = { rest: { url: "https://backup.lan/c" }, password },
  config = yaml,
) {
  const { plan } = planOf(config);
  const { owner, services, mover, backups } = plan;
  return record(
    (opts) => void new Backups("backups", { owner, services, mover, backups: { ...backups!, repository } }, opts),
  );
}

describe("the objects of backups", () => {
  it("are for the services that have one", async () => {
    const all = await created();
    assert.deepEqual(names(all, "CronJob"), ["backups-care", "redis-backup"]);
    assert.deepEqual(names(all, "Role"), [
      ...["backups-care", "redis-backup", "redis-backup-lease", "redis-backups-care"],
    ]);
  });

  it("have metrics only for the namespace that is named, from the claims alone", async () => {
    assert.deepEqual(names(await created(), "Deployment"), []);
    const watched = yaml.replace(
      "cluster-storage:backups: {",
      "cluster-storage:backups: { metrics: { namespace: watch },",
    );
    const all = await created(undefined, watched);
    const { template } = one(all, "Deployment", "backups-metrics").inputs.spec;
    const [container] = template.spec.containers;
    assert.deepEqual(JSON.parse(container.env[0].value), {
      services: [{ service: "redis", namespace: "local-ai-system", schedule: "0 2 * * *", claims: ["redis-data"] }],
    });
    assert.deepEqual(
      template.spec.volumes.map(({ name }: { name: string }) => name),
      ["programs"],
      "no Secret",
    );
    assert.deepEqual(one(all, "Role", "redis-backups-metrics").inputs.rules, [
      { apiGroups: [""], resources: ["persistentvolumeclaims"], resourceNames: ["redis-data"], verbs: ["get"] },
    ]);
    assert.deepEqual(one(all, "NetworkPolicy", "backups-metrics").inputs.spec, {
      podSelector: { matchLabels: { "app.kubernetes.io/name": "backups-metrics" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } } }],
          ports: [{ protocol: "TCP", port: 9090 }],
        },
      ],
    });
  });

  it("run without overlap, end, and leave few jobs behind", async () => {
    const { spec } = one(await created(), "CronJob", "redis-backup").inputs;
    const { jobTemplate, ...own } = spec;
    assert.deepEqual(own, {
      schedule: "0 2 * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
    });
    const { activeDeadlineSeconds, backoffLimit, podFailurePolicy } = jobTemplate.spec;
    assert.deepEqual([activeDeadlineSeconds, backoffLimit], [21_600, 2]);
    assert.deepEqual(podFailurePolicy.rules[0], {
      action: "FailJob",
      onExitCodes: { containerName: "backup", operator: "In", values: [3] },
    });
  });

  it("run as the service's user, restricted, with room for its data and restic from its own image", async () => {
    const pod = one(await created(), "CronJob", "redis-backup").inputs.spec.jobTemplate.spec.template.spec;
    const { runAsUser, runAsGroup, fsGroup, runAsNonRoot } = pod.securityContext;
    assert.deepEqual([runAsUser, runAsGroup, fsGroup, runAsNonRoot], [999, 999, 999, true]);
    assert.deepEqual(pod.tolerations, [{ key: "a", operator: "Exists" }]);
    assert.equal(pod.imagePullSecrets, undefined);
    const [init, backup] = [pod.initContainers[0], pod.containers[0]];
    assert.deepEqual([init.image, init.command], ["restic/restic:0.19.1", ["cp", "/usr/bin/restic", "/tools/restic"]]);
    for (const { securityContext } of [init, backup])
      assert.deepEqual(securityContext, {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      });
    assert.equal(backup.resources.limits["ephemeral-storage"], "3Gi");
    assert.deepEqual(
      pod.volumes.map(({ name, secret }: { name: string; secret?: object }) => [name, secret]),
      [
        ["programs", undefined],
        ["repository", { secretName: "backups", defaultMode: 0o440 }],
        ["tools", undefined],
        ["work", undefined],
      ],
    );
  });

  it("have the repository's address, logins and password in a Secret alone, as files", async () => {
    const rest = { url: "https://backup.lan/c", user: "me", password: new Hidden("p@ss/w%41") };
    const all = await created({ rest, password });
    const { stringData } = one(all, "Secret", "backups").inputs;
    const held = secretOf(stringData) as Record<string, string>;
    assert.equal(held.repository, "rest:https://me:p%40ss%2Fw%2541@backup.lan/c");
    assert.equal(held.password, "the-hidden-password");
    const others = JSON.stringify(all.filter(({ type }) => !type.endsWith(":Secret")));
    assert.doesNotMatch(others, /p%40ss|the-hidden-password/);
  });

  it("have the keys of a bucket in the form that S3's programs read", async () => {
    const keys = { accessKeyId: new Hidden("ID"), secretAccessKey: new Hidden("KEY") };
    const s3 = { endpoint: "https://s3.lan/", bucket: "b-1", prefix: "x/y", ...keys };
    const { stringData } = one(await created({ s3, password }), "Secret", "backups").inputs;
    const held = secretOf(stringData) as Record<string, string>;
    assert.equal(held.repository, "s3:https://s3.lan/b-1/x/y");
    assert.equal(held["s3-credentials"], "[default]\naws_access_key_id = ID\naws_secret_access_key = KEY\n");
  });

  it("bind the account to rights in the service's namespace and to the Lease in its own", async () => {
    const all = await created();
    const bindings = ["redis-backup", "redis-backup-lease"].map((name) => one(all, "RoleBinding", name).inputs);
    assert.deepEqual(
      bindings.map(({ metadata, subjects }) => [metadata.namespace, subjects]),
      ["local-ai-system", "local-ai-backups"].map((namespace) => [
        namespace,
        [{ kind: "ServiceAccount", name: "redis-backup", namespace: "local-ai-backups" }],
      ]),
    );
  });
});

describe("where a backup's pod may go", () => {
  const lastRule = (host: string) => {
    const { egress } = backupPolicy({ host, port: 8000 }) as { egress: object[] };
    return egress.at(-1);
  };
  const ports = [{ protocol: "TCP", port: 8000 }];

  it("is the port of a host by name, because a policy can name no host", () =>
    assert.deepEqual(lastRule("backup.lan"), { ports }));
  it("is an address", () => {
    assert.deepEqual(lastRule("10.1.2.3"), { to: [{ ipBlock: { cidr: "10.1.2.3/32" } }], ports });
    assert.deepEqual(lastRule("[fd00::1]"), { to: [{ ipBlock: { cidr: "fd00::1/128" } }], ports });
  });
  it("is a namespace of the cluster", () =>
    assert.deepEqual(lastRule("rest.target.svc.cluster.local"), {
      to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "target" } } }],
      ports,
    }));
  it("is nothing else but names and the API server, and nothing comes in", () => {
    const { egress, policyTypes } = backupPolicy({ host: "a", port: 1 }, [7443]) as {
      egress: { ports: { port: number }[] }[];
      policyTypes: string[];
    };
    assert.deepEqual(policyTypes, ["Ingress", "Egress"]);
    assert.deepEqual(
      egress.map(({ ports }) => ports.map(({ port }) => port)),
      [[53, 53], [443, 6443, 8443, 7443], [1]],
    );
  });
});
