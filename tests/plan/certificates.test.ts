import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { connect, createServer } from "node:tls";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { authorityOf, fingerprint, serverCertificate, validity } from "../../plan/certificates";

const secret = "s".repeat(64);
const names = ["postgres", "postgres.data.svc.cluster.local", "localhost"];
const at = (date: string) => new Date(date);
const now = at("2026-11-29T09:00:00Z");
const day = 24 * 3600 * 1000;

describe("the stack's certificates", () => {
  it("are the same in every update of a period, so nothing changes in a second one", async () => {
    const later = new Date(now.getTime() + day);
    assert.deepEqual(await serverCertificate(secret, names, now), await serverCertificate(secret, names, later));
    assert.equal(await authorityOf(secret, now), await authorityOf(secret, later));
  });

  it("of another secret or other names have other keys", async () => {
    const one = await serverCertificate(secret, names, now);
    const others = [
      await serverCertificate("t".repeat(64), names, now),
      await serverCertificate(secret, ["redis"], now),
    ];
    for (const other of others) {
      assert.notEqual(other.key, one.key);
      assert.notEqual(fingerprint(other.certificate), fingerprint(one.certificate));
    }
  });

  it("are signed by the authority, for a server's names alone, with its own key", async () => {
    const authority = new X509Certificate(await authorityOf(secret, now));
    const { key, certificate } = await serverCertificate(secret, names, now);
    const server = new X509Certificate(certificate);
    assert.ok(authority.ca && authority.verify(authority.publicKey));
    assert.ok(!server.ca && server.checkIssued(authority) && server.verify(authority.publicKey));
    assert.ok(server.checkPrivateKey(createPrivateKey(key)));
    assert.equal(server.subjectAltName, "DNS:postgres, DNS:postgres.data.svc.cluster.local, DNS:localhost");
    assert.deepEqual(server.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
  });

  it("always have a third of their life left, and begin before the update that makes them", () => {
    for (const [kind, life] of [
      ["server", 540],
      ["authority", 3600],
    ] as const)
      for (let i = 0; i < 2 * life; i++) {
        const then = new Date(now.getTime() + i * day);
        const { notBefore, notAfter } = validity(kind, then);
        assert.ok(then.getTime() - notBefore.getTime() >= day, `${kind} ${then.toISOString()}`);
        assert.ok(notAfter.getTime() - then.getTime() >= (life * day) / 3, `${kind} ${then.toISOString()}`);
      }
  });

  it("change in the next period; those of before stay good beside the renewed authority", async () => {
    const before = await serverCertificate(secret, names, now);
    const next = new Date(now.getTime() + 360 * day);
    assert.notEqual((await serverCertificate(secret, names, next)).key, before.key);
    const renewed = await authorityOf(secret, new Date(now.getTime() + 2400 * day));
    assert.notEqual(renewed, await authorityOf(secret, now));
    assert.ok(new X509Certificate(before.certificate).verify(new X509Certificate(renewed).publicKey));
  });

  it("are accepted by a client that verifies the name, and refused under another one", async () => {
    // The machine's clock, because a client goes by it.
    const [ca, { key, certificate }] = [
      await authorityOf(secret, new Date()),
      await serverCertificate(secret, names, new Date()),
    ];
    const server = createServer({ key, cert: certificate }, (socket) => socket.end());
    server.on("tlsClientError", () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const ask = async (servername: string) => {
      const socket = connect({ host: "127.0.0.1", port, ca, servername });
      await once(socket, "secureConnect");
      socket.destroy();
    };
    await ask("postgres");
    await assert.rejects(ask("redis"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    server.close();
  });
});
