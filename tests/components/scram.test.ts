import assert from "node:assert/strict";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { scramVerifier } from "../../components/scram";
import { deploy } from "./deployed";
import { generated, names, one, secretOf } from "./recorded";

describe("a password that was given anew", () => {
  it("has a verifier as RFC 5803 writes it, by which a server proves the password without having it", () => {
    const verifier = scramVerifier("pencil");
    const [, salt = "", stored, server] = /^SCRAM-SHA-256\$4096:(\S+)\$(\S+):(\S+)$/.exec(verifier) ?? [];
    const salted = pbkdf2Sync("pencil", Buffer.from(salt, "base64"), 4096, 32, "sha256");
    const hmac = (text: string) => createHmac("sha256", salted).update(text).digest();
    assert.equal(Buffer.from(salt, "base64").length, 16);
    assert.equal(stored, createHash("sha256").update(hmac("Client Key")).digest("base64"));
    assert.equal(server, hmac("Server Key").toString("base64"));
    assert.equal(scramVerifier("pencil"), verifier);
    assert.notEqual(scramVerifier("pencils").split("$")[1], verifier.split("$")[1]);
  });

  it("is in the Secret with its verifier; the one before stays in the state, protected, and nowhere else", async () => {
    const all = await deploy("    postgres: { size: 1Gi, rotation: 3 }");
    assert.deepEqual(names(all, "RandomPassword"), [
      "checksum-key",
      "postgres-password",
      "postgres-password-2",
      "postgres-password-3",
    ]);
    assert.ok(all.filter(({ name }) => /^postgres-password/.test(name)).every(({ opts }) => opts.protect));
    const password = generated("postgres-password-3");
    assert.deepEqual(secretOf(one(all, "Secret", "postgres").inputs.stringData), {
      password,
      "password-verifier": scramVerifier(password),
    });
  });

  it("has no verifier before the first rotation, so that nothing about an installation changes", async () => {
    const all = await deploy("    postgres: { size: 1Gi }");
    assert.deepEqual(secretOf(one(all, "Secret", "postgres").inputs.stringData), {
      password: generated("postgres-password"),
    });
  });

  it("leaves the key that n8n's data was encrypted with, and changes its role's password", async () => {
    const all = await deploy("    postgres: { size: 1Gi }\n    n8n: { size: 1Gi, rotation: 2 }");
    assert.deepEqual(secretOf(one(all, "Secret", "n8n").inputs.stringData), {
      "encryption-key": generated("n8n-encryption-key"),
      "database-password": generated("n8n-database-password-2"),
    });
    assert.deepEqual(secretOf(one(all, "Secret", "postgres-database-n8n").inputs.stringData), {
      password: generated("n8n-database-password-2"),
    });
  });

  it("is set in Neo4j by a job that knows every earlier one, and that runs again for another volume", async () => {
    const all = await deploy("    neo4j: { size: 1Gi, rotation: 2 }");
    assert.deepEqual(secretOf(one(all, "Secret", "neo4j-renewal").inputs.stringData), {
      VALUE_1: generated("neo4j-password"),
      VALUE_2: generated("neo4j-password-2"),
    });
    const { template } = one(all, "Job", "neo4j-renewal").inputs.spec;
    assert.equal(template.metadata.annotations["cluster-storage/claims"], "neo4j-data");
    assert.deepEqual(template.spec.containers[0].env, [
      { name: "SERVER", value: "neo4j.local-ai-data.svc.cluster.local" },
      { name: "SCHEME", value: "bolt" },
      { name: "NEWEST", value: "2" },
      { name: "VALUE_1", valueFrom: { secretKeyRef: { name: "neo4j-renewal", key: "VALUE_1" } } },
      { name: "VALUE_2", valueFrom: { secretKeyRef: { name: "neo4j-renewal", key: "VALUE_2" } } },
    ]);
    assert.ok(!JSON.stringify(template).includes("generated-"), "no password in the pod");
    assert.deepEqual(names(await deploy("    neo4j: { size: 1Gi }"), "Job"), []);
  });
});
