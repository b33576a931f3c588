import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { deployConfig } from "./deployed";
import { header } from "./moved";
import { generated, one, secretOf, type Loose, type Recorded } from "./recorded";

const services = "    postgres: { size: 1Gi }\n    n8n: { size: 1Gi }\n    redis: { size: 1Gi, tls: false }\n";
const withTls = (section: string) =>
  header.replace("  cluster-storage:services:", `${section}  cluster-storage:services:`);
const on = withTls("  cluster-storage:tls: { default: true }\n");
const pod = (all: Recorded[], kind: string, name: string) => one(all, kind, name).inputs.spec.template as Loose;
const certificate = { name: "certificate", secret: { secretName: "postgres-tls", defaultMode: 0o440 } };
const authority = { name: "authority", configMap: { name: "cluster-storage-ca" } };

describe("encrypted connections as they are made", () => {
  let all: Recorded[];
  before(async () => (all = await deployConfig(`${on}${services}`)));

  it("have an authority whose secret is in the state alone, and whose certificate is in each namespace", () => {
    const secret = one(all, "RandomPassword", "tls-authority");
    assert.deepEqual(secret.inputs, { length: 64, special: false });
    assert.equal(secret.opts.protect, undefined);
    assert.ok(!JSON.stringify(all.map(({ inputs }) => inputs)).includes(generated("tls-authority")));
    const found = all.filter(
      ({ inputs }) => inputs.kind === "ConfigMap" && inputs.metadata.name === "cluster-storage-ca",
    );
    assert.deepEqual(found.map(({ inputs }) => inputs.metadata.namespace as string).sort(), [
      "local-ai-data",
      "local-ai-n8n",
    ]);
    assert.equal(new Set(found.map(({ inputs }) => inputs.data["ca.crt"] as string)).size, 1);
    assert.ok(new X509Certificate(found[0]!.inputs.data["ca.crt"] as string).ca);
  });

  it("have a key and a certificate of the server's own, both secret in the state", () => {
    const { inputs, parent } = one(all, "Secret", "postgres-tls");
    assert.deepEqual(
      [inputs.type, inputs.metadata.namespace, inputs.metadata.name, parent],
      ["kubernetes.io/tls", "local-ai-data", "postgres-tls", "cluster-storage:index:StatefulService postgres"],
    );
    const pair = secretOf(inputs.stringData) as Record<string, string>;
    assert.deepEqual(Object.keys(pair), ["tls.crt", "tls.key"]);
    const ca = new X509Certificate(one(all, "ConfigMap", "local-ai-data-ca").inputs.data["ca.crt"] as string);
    const served = new X509Certificate(pair["tls.crt"]!);
    assert.ok(served.verify(ca.publicKey));
    assert.ok(served.checkHost("postgres.local-ai-data.svc.cluster.local"));
    assert.ok(pair["tls.key"]!.startsWith("-----BEGIN PRIVATE KEY-----\n"));
  });

  it("replace a pod when its certificate or its authority's changes, and no other pod", () => {
    const marks = pod(all, "StatefulSet", "postgres").metadata.annotations;
    const { stringData } = one(all, "Secret", "postgres-tls").inputs;
    const served = new X509Certificate((secretOf(stringData) as Record<string, string>)["tls.crt"]!);
    assert.equal(marks["cluster-storage/certificate"], served.fingerprint256.replaceAll(":", "").toLowerCase());
    assert.equal(marks["cluster-storage/certificate-ends"], new Date(served.validTo).toISOString());
    const client = pod(all, "Deployment", "n8n").metadata.annotations;
    assert.deepEqual(
      [client["cluster-storage/authority"], client["cluster-storage/certificate"]],
      [marks["cluster-storage/authority"], undefined],
    );
    assert.deepEqual(Object.keys(pod(all, "Deployment", "redis").metadata.annotations), ["cluster-storage/secrets"]);
  });

  it("are mounted where servers and clients look, the key for the server's own group alone", () => {
    const server = pod(all, "StatefulSet", "postgres").spec;
    assert.deepEqual(server.volumes.slice(-3, -1), [certificate, authority]);
    assert.deepEqual(server.containers[0].volumeMounts.slice(-3, -1), [
      { name: "certificate", mountPath: "/run/tls/server", readOnly: true },
      { name: "authority", mountPath: "/run/tls/ca", readOnly: true },
    ]);
    const client = pod(all, "Deployment", "n8n").spec;
    assert.deepEqual(client.volumes.at(-1), authority);
    assert.ok(!JSON.stringify(client.volumes).includes("postgres-tls"));
    assert.ok(!JSON.stringify(pod(all, "Deployment", "redis").spec).includes("authority"));
  });

  it("are verified by what waits for a database, and by the job that makes it", () => {
    const [wait] = pod(all, "Deployment", "n8n").spec.initContainers;
    const job = pod(all, "Job", "postgres-database-n8n").spec;
    for (const container of [wait, job.containers[0]]) {
      const env = Object.fromEntries((container.env as Loose[]).map(({ name, value }) => [name, value]));
      assert.deepEqual([env.PGSSLMODE, env.PGSSLROOTCERT], ["verify-full", "/run/tls/ca/ca.crt"]);
      assert.deepEqual(container.volumeMounts, [{ name: "authority", mountPath: "/run/tls/ca", readOnly: true }]);
    }
    assert.deepEqual(job.volumes, [authority]);
  });

  it("don't replace a pod whose own directory has the data", async () => {
    const spilling = on.replace("    fast:", "    pod: { type: ephemeral, allowDataLoss: a test }\n    fast:");
    const spilled = await deployConfig(
      `${spilling}    redis: { size: 1Gi, backend: pod, generation: 2, kept: [{ generation: 1, size: 1Gi }] }\n`,
    );
    assert.deepEqual(Object.keys(pod(spilled, "Deployment", "redis").metadata.annotations), [
      "cluster-storage/secrets",
    ]);
  });

  it("are asked of cert-manager where the config says so, with nothing of the stack's own", async () => {
    const ca = one(all, "ConfigMap", "local-ai-data-ca").inputs.data["ca.crt"] as string;
    const issuer = `{ issuer: home, ca: ${JSON.stringify(ca)} }`;
    const section = `  cluster-storage:tls: { default: true, certManager: ${issuer} }\n`;
    const made = await deployConfig(`${withTls(section)}    redis: { size: 1Gi }\n`);
    const { inputs } = one(made, "Certificate", "redis-certificate");
    assert.equal(inputs.apiVersion, "cert-manager.io/v1");
    assert.deepEqual(inputs.spec, {
      secretName: "redis-certificate",
      commonName: "redis",
      dnsNames: [
        "redis",
        "redis.local-ai-system",
        "redis.local-ai-system.svc",
        "redis.local-ai-system.svc.cluster.local",
        "localhost",
      ],
      usages: ["digital signature", "server auth"],
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      duration: "12960h0m0s",
      renewBefore: "4320h0m0s",
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "home" },
    });
    assert.ok(!made.some(({ name }) => name === "tls-authority" || name === "redis-tls"));
    assert.equal(one(made, "ConfigMap", "local-ai-system-ca").inputs.data["ca.crt"], ca);
    const { metadata, spec } = pod(made, "Deployment", "redis");
    assert.deepEqual(Object.keys(metadata.annotations), ["cluster-storage/authority", "cluster-storage/secrets"]);
    assert.equal(spec.volumes.at(-2).secret.secretName, "redis-certificate");
  });
});
