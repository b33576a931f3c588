import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { stringify } from "yaml";
import { openApi } from "../../kube/api";
import { connect } from "../../kube/client";
import { ensureCertificates } from "../../local-cluster/instance/certificates";

type Headers = Record<string, string | string[] | undefined>;

/** A server that notes what it is asked with, and kubeconfigs that lead to it. */
export function askedServer() {
  let directory: string;
  let server: Server;
  let url: string;
  let seen: { headers: Headers; raw: string[]; client?: string; name?: string | false | null }[] = [];
  const file = (name: string) => join(directory, name);
  const base64 = (name: string) => readFileSync(file(name)).toString("base64");

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "kubeconfig-fields-"));
    await ensureCertificates(directory, [
      { file: "server", user: "server", serves: ["api.example.com", "127.0.0.1"] },
      { file: "person", user: "jane" },
    ]);
    const pair = readFileSync(file("server.pem"));
    const settings = { key: pair, cert: pair, ca: readFileSync(file("ca.crt")), requestCert: true };
    server = createServer({ ...settings, rejectUnauthorized: false }, (request, response) => {
      const socket = request.socket as TLSSocket;
      const client = socket.getPeerCertificate().subject?.CN;
      seen.push({ headers: request.headers, raw: request.rawHeaders, client: String(client), name: socket.servername });
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ kind: "NamespaceList", apiVersion: "v1", items: [] }));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true });
  });
  beforeEach(() => (seen = []));

  function write(user: object, cluster: object = {}, name = "config"): string {
    const trust = "insecure-skip-tls-verify" in cluster || "certificate-authority-data" in cluster;
    writeFileSync(
      file(name),
      stringify({
        clusters: [
          { name: "c", cluster: { server: url, ...(!trust && { "certificate-authority": "ca.crt" }), ...cluster } },
        ],
        users: [{ name: "u", user }],
        contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        "current-context": "x",
      }),
    );
    return file(name);
  }

  /** What the server saw of the program, and of a command. */
  async function ask(user: object, cluster?: object) {
    const kubeconfig = write(user, cluster);
    await openApi("x", kubeconfig).ask("/api/v1/namespaces");
    await connect("x", kubeconfig).core.listNamespace();
    assert.equal(seen.length, 2);
    return seen;
  }
  const bothSay = async (header: string, value: string, user: object, cluster?: object) =>
    assert.deepEqual(
      (await ask(user, cluster)).map(({ headers }) => headers[header]),
      [value, value],
    );
  const bothFail = async (message: string | RegExp, user: object, cluster?: object) => {
    const kubeconfig = write(user, cluster);
    const wrong = typeof message === "string" ? { message } : message;
    await assert.rejects(async () => openApi("x", kubeconfig).ask("/"), wrong);
    await assert.rejects(async () => connect("x", kubeconfig).core.listNamespace(), wrong);
  };

  return { file, base64, write, ask, bothSay, bothFail, url: () => url, seen: () => seen, forget: () => (seen = []) };
}
