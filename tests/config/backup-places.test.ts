import assert from "node:assert/strict";
import { planOf } from "../stack";

const secret = "{ secure: v1:abc }";
const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE0LdO";
const sftp = (changes = "") =>
  `sftp: { host: nas.lan, user: me, path: /srv/a, privateKey: ${secret}, hostKey: ${hostKey}${changes} }`;

const planned = (place: string) =>
  planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:backups: { repository: { ${place}, password: ${secret} } }
  cluster-storage:services: { redis: { size: 1Gi } }
`);
const faults = (place: string) => planned(place).faults.map(({ path, message }) => `${path}: ${message}`);

describe("where backups go", () => {
  it("is an SSH server by its key, also as a line of known_hosts", () => {
    assert.deepEqual(faults(sftp()), []);
    const line = `hostKey: "[nas.lan]:2222 ${hostKey}", port: 2222`;
    assert.deepEqual(faults(sftp().replace(`hostKey: ${hostKey}`, line)), []);
    const { backups } = planned(sftp(", port: 2222")).plan;
    assert.equal(backups?.address, "sftp://me@nas.lan:2222/srv/a");
    assert.deepEqual(backups?.server, { host: "nas.lan", port: 2222 });
    const inHome = planned(sftp().replace("/srv/a", "a/b")).plan.backups;
    assert.equal(inHome?.address, "sftp://me@nas.lan:22/~/a/b");
  });

  it("is a directory of an NFS server, which pods reach by a server in the cluster", () => {
    const nfs = planned("nfs: { server: nas.lan, path: /srv/backups }");
    assert.deepEqual(nfs.faults, []);
    const { address, server, served } = nfs.plan.backups!;
    assert.equal(address, "nfs://nas.lan/srv/backups");
    assert.deepEqual(server, { host: "backups-repository.local-ai-backups.svc", port: 8000 });
    assert.deepEqual(served, { nfs: { server: "nas.lan", path: "/srv/backups" } });
    assert.equal(nfs.plan.namespaces.find((each) => each.name === "local-ai-backups")?.protect, false);
  });

  it("is a claim, which is protected as the services' claims are", () => {
    const { plan, faults: none } = planned("claim: { size: 5Gi, backend: local-path }");
    assert.deepEqual(none, []);
    assert.equal(plan.backups?.address, "claim local-ai-backups/backups");
    const { name, namespace, className, size, protect } = plan.backups!.served!.claim!;
    const expected = ["backups", "local-ai-backups", "local-path", "5Gi", true];
    assert.deepEqual([name, namespace, className, size, protect], expected);
    assert.equal(plan.namespaces.find((each) => each.name === "local-ai-backups")?.protect, true);
  });

  for (const [what, place, expected] of [
    [
      "an SSH server without its key",
      sftp().replace(`, hostKey: ${hostKey}`, ""),
      ["backups.repository.sftp.hostKey: is missing"],
    ],
    [
      "a host key that is none, and a private key in plain text",
      sftp().replace(hostKey, "SHA256:abc").replace(secret, "open"),
      [
        "backups.repository.sftp.privateKey: has to be a secret, because a private key in plain text would be in " +
          "git: pulumi config set --secret --path 'cluster-storage:backups.repository.sftp.privateKey' < FILE",
        "backups.repository.sftp.hostKey: is no public key of an SSH server; it is what this prints there: cat " +
          "/etc/ssh/ssh_host_ed25519_key.pub",
      ],
    ],
    [
      "a claim from a backend that there isn't",
      "claim: { size: 5Gi, backend: local-pat }",
      ['backups.repository.claim.backend: no backend of this stack is called "local-pat"; did you mean "local-path"?'],
    ],
    [
      "a directory that isn't whole",
      "nfs: { server: nas.lan, path: srv }",
      ['backups.repository.nfs.path: "srv" is not an exported directory; one is /srv/backups'],
    ],
  ] as const)
    it(`is not ${what}`, () => {
      assert.deepEqual(faults(place), expected);
    });
});
