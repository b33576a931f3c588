import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureCertificates, type Subject } from "../../../local-cluster/instance/certificates";
import { readPair } from "../../../local-cluster/instance/key-pair";

const server: Subject = { file: "server", user: "server", serves: ["10.213.0.2", "kubernetes.default.svc"] };
const admin: Subject = { file: "admin", user: "admin", group: "system:masters" };

describe("certificates", () => {
  let directory: string;
  const pair = (file: string) => readPair(join(directory, `${file}.pem`))!;
  const text = (file: string) => readFileSync(join(directory, file), "utf8");
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "certificates-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it("are signed by the authority and name user, group and addresses", async () => {
    await ensureCertificates(directory, [server, admin]);
    const authority = new X509Certificate(text("ca.crt"));
    assert.ok(authority.ca);
    assert.ok(pair("admin").certificate.verify(authority.publicKey));
    assert.equal(pair("admin").certificate.subject, "CN=admin\nO=system:masters");
    assert.equal(pair("admin").certificate.subjectAltName, undefined);
    assert.ok(pair("server").certificate.checkIssued(authority));
    assert.equal(pair("server").certificate.checkIP("10.213.0.2"), "10.213.0.2");
    assert.equal(pair("server").certificate.checkHost("kubernetes.default.svc"), "kubernetes.default.svc");
    assert.equal(pair("server").certificate.checkIP("10.213.0.6"), undefined);
  });

  it("keep the authority's key out of what every pod is given, and all keys from other users", async () => {
    await ensureCertificates(directory, [admin]);
    assert.doesNotMatch(text("ca.crt"), /PRIVATE/);
    for (const file of ["ca.pem", "admin.pem", "service-account.pem"])
      assert.equal(statSync(join(directory, file)).mode & 0o077, 0, file);
  });

  it("stay as they are while they are good", async () => {
    await ensureCertificates(directory, [server, admin]);
    const files = ["ca.pem", "ca.crt", "server.pem", "admin.pem", "service-account.pem"];
    const was = files.map(text);
    await ensureCertificates(directory, [server, admin]);
    assert.deepEqual(files.map(text), was);
  });

  it("are made anew for another address, and only that one", async () => {
    await ensureCertificates(directory, [server, admin]);
    const was = [text("admin.pem"), text("ca.pem"), text("service-account.pem")];
    await ensureCertificates(directory, [{ ...server, serves: ["10.213.0.6"] }, admin]);
    assert.equal(pair("server").certificate.checkIP("10.213.0.6"), "10.213.0.6");
    assert.deepEqual([text("admin.pem"), text("ca.pem"), text("service-account.pem")], was);
  });

  it("are made anew when damaged, and all of them when the authority is", async () => {
    await ensureCertificates(directory, [server, admin]);
    const was = text("server.pem");
    writeFileSync(join(directory, "admin.pem"), text("admin.pem").slice(0, 300));
    await ensureCertificates(directory, [server, admin]);
    assert.equal(pair("admin").certificate.subject, "CN=admin\nO=system:masters");
    assert.equal(text("server.pem"), was);

    writeFileSync(join(directory, "ca.pem"), "");
    await ensureCertificates(directory, [server, admin]);
    const authority = new X509Certificate(text("ca.crt"));
    for (const file of ["server", "admin"]) assert.ok(pair(file).certificate.verify(authority.publicKey), file);
  });

  it("don't take a key for another's", async () => {
    await ensureCertificates(directory, [server, admin]);
    const [certificate, key] = [
      text("server.pem").split("-----BEGIN PRIVATE KEY")[0],
      text("admin.pem").split("-----BEGIN PRIVATE KEY")[1],
    ];
    writeFileSync(join(directory, "mixed.pem"), `${certificate}-----BEGIN PRIVATE KEY${key}`);
    assert.equal(readPair(join(directory, "mixed.pem")), undefined);
    assert.equal(readPair(join(directory, "missing.pem")), undefined);
  });
});
