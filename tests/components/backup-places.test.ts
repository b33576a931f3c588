import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Backups } from "../../components/backups";
import type { RepositoryConfig } from "../../model/backups";
import { Hidden } from "../../model/hidden";
import { planBackups } from "../../plan/backups";
import { planOf } from "../stack";
import { one, record, secretOf } from "./recorded";

const { plan } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:backups: { repository: { rest: { url: "https://backup.lan/c" }, password: { secure: v1:abc } } }
  cluster-storage:services: { redis: { size: 1Gi } }
`);
const password = new Hidden("the-hidden-password");

/** The objects of a stack whose repository is there. */
function created(repository: RepositoryConfig) {
  const { owner, services, mover, backups } = plan;
  const { namespace, image } = backups!;
  const config = { namespace, image, repository, schedule: "0 2 * * *", care: { schedule: "0 5 * * *", cycle: 7 } };
  const planned = planBackups(config as Parameters<typeof planBackups>[0], services, owner, {
    classes: [],
    protect: true,
  })!;
  return record((opts) => void new Backups("backups", { owner, services, mover, backups: planned }, opts));
}

describe("the objects of a place for backups", () => {
  it("reach an SSH server by the library that the programs have, and by its key alone", async () => {
    const hostKey = "nas.lan ssh-ed25519 AAAA";
    const privateKey = new Hidden("the-hidden-key");
    const sftp = { host: "nas.lan", port: 22, user: "me", path: "/srv/a", privateKey, hostKey };
    const all = await created({ sftp, password });
    const held = secretOf(one(all, "Secret", "backups").inputs.stringData) as Record<string, string>;
    assert.equal(held.repository, "sftp:server:/srv/a");
    assert.deepEqual(JSON.parse(held["sftp.json"]!), {
      host: "nas.lan",
      port: 22,
      user: "me",
      hostKey: "ssh-ed25519 AAAA",
    });
    assert.equal(held["sftp-key"], "the-hidden-key\n");
    const { data } = one(all, "ConfigMap", "backups").inputs as { data: Record<string, string> };
    assert.ok(["ssh2.cjs", "backup.sftp.mjs"].every((name) => name in data));
    assert.ok(JSON.stringify(data).length < 1024 * 1024);
    const [container] = one(all, "CronJob", "redis-backup").inputs.spec.jobTemplate.spec.template.spec.containers;
    assert.ok(container.env.some(({ name }: { name: string }) => name === "BACKUP_SFTP"));
  });

  it("serve a claim to pods that know the password, as one user", async () => {
    const all = await created({ claim: { size: "5Gi" }, password });
    const { spec } = one(all, "PersistentVolumeClaim", "backups-backups").inputs;
    assert.deepEqual([spec.accessModes, spec.resources.requests.storage], [["ReadWriteOnce"], "5Gi"]);
    const held = secretOf(one(all, "Secret", "backups").inputs.stringData) as Record<string, string>;
    const [, login] = /^rest:http:\/\/cluster:([0-9a-f]{64})@backups-repository\.local-ai-backups\.svc:8000\/$/.exec(
      held.repository!,
    )!;
    const pod = one(all, "Deployment", "backups-repository").inputs.spec.template.spec;
    const [container] = pod.containers;
    const accepted = container.env.find(({ name }: { name: string }) => name === "REPOSITORY_ACCEPTED").value;
    assert.equal(accepted, createHash("sha256").update(login!).digest("hex"));
    assert.equal(pod.securityContext.runAsUser, 65532);
    assert.deepEqual(pod.volumes[1], { name: "repository", persistentVolumeClaim: { claimName: "backups" } });
    const { ingress } = one(all, "NetworkPolicy", "backups-repository").inputs.spec;
    assert.deepEqual(ingress, [{ from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: 8000 }] }]);
  });

  it("serve a directory of an NFS server", async () => {
    const nfs = { server: "nas.lan", path: "/srv/b" };
    const pod = one(await created({ nfs, password }), "Deployment", "backups-repository").inputs.spec.template.spec;
    assert.deepEqual(pod.volumes[1], { name: "repository", nfs });
  });
});
