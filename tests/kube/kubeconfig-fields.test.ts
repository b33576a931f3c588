import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer as createProxy, type Server as ProxyServer } from "node:http";
import { type AddressInfo, connect as connectTo } from "node:net";
import { openApi } from "../../kube/api";
import { connect } from "../../kube/client";
import { askedServer } from "./asked-server";

/** Each field of a kubeconfig, by what a server is asked with: by the program's client and by the commands'. */
describe("a kubeconfig's field", () => {
  const { file, base64, write, ask, bothSay, bothFail, url, seen, forget } = askedServer();

  it("token", () => bothSay("authorization", "Bearer t", { token: "t" }));
  it("tokenFile, relative to its file and before token, without the newline at its end", async () => {
    writeFileSync(file("token"), "of-a-file\n");
    await bothSay("authorization", "Bearer of-a-file", { tokenFile: "token", token: "t" });
  });
  it("username and password", () =>
    bothSay("authorization", `Basic ${Buffer.from("jane:p:w").toString("base64")}`, {
      username: "jane",
      password: "p:w",
    }));
  it("as and as-uid", async () => {
    const all = await ask({ token: "t", as: "joe", "as-uid": "7" });
    for (const { headers } of all)
      assert.deepEqual([headers["impersonate-user"], headers["impersonate-uid"]], ["joe", "7"]);
  });
  it("as-groups, each in a line of its own; a command that can't pass on several says so", async () => {
    const kubeconfig = write({ token: "t", as: "joe", "as-groups": ["a", "b"] });
    await openApi("x", kubeconfig).ask("/");
    assert.deepEqual(
      seen()[0]?.raw.filter((_, i, raw) => raw[i - 1]?.toLowerCase() === "impersonate-group"),
      ["a", "b"],
    );
    assert.throws(() => connect("x", kubeconfig), /has several as-groups, and this command can pass on one/);
    forget();
    await bothSay("impersonate-group", "a", { token: "t", as: "joe", "as-groups": ["a"] });
  });
  it("as-user-extra and auth-provider, which are refused by name", async () => {
    await bothFail(
      "the kubeconfig's user \"u\" has as-user-extra, which this program can't pass on; use a context without it",
      { token: "t", "as-user-extra": { a: ["b"] } },
    );
    await bothFail(
      'the kubeconfig\'s user "u" logs in by the auth-provider "gcp", which kubectl has given up or this program ' +
        "doesn't know; use its exec plugin, such as kubelogin, or another context",
      { "auth-provider": { name: "gcp" } },
    );
  });
  it("client-certificate and client-key, relative to their file", async () => {
    const all = await ask({ "client-certificate": "person.pem", "client-key": "person.pem" });
    assert.deepEqual(
      all.map(({ client }) => client),
      ["jane", "jane"],
    );
  });
  it("client-certificate-data and client-key-data, before the files", async () => {
    const data = base64("person.pem");
    const all = await ask({
      "client-certificate-data": data,
      "client-key-data": data,
      "client-certificate": "gone.pem",
      "client-key": "gone.pem",
    });
    assert.deepEqual(
      all.map(({ client }) => client),
      ["jane", "jane"],
    );
  });
  it("certificate-authority-data", () =>
    bothSay("authorization", "Bearer t", { token: "t" }, { "certificate-authority-data": base64("ca.crt") }));
  it("insecure-skip-tls-verify, and without either the server is not believed", async () => {
    await bothSay("authorization", "Bearer t", { token: "t" }, { "insecure-skip-tls-verify": true });
    await bothFail(/self-signed certificate|unable to verify/i, { token: "t" }, { "certificate-authority-data": "" });
  });
  it("tls-server-name: which name the certificate has to have", async () => {
    const all = await ask({ token: "t" }, { "tls-server-name": "api.example.com" });
    assert.deepEqual(
      all.map(({ name }) => name),
      ["api.example.com", "api.example.com"],
    );
    await bothFail(/altnames/, { token: "t" }, { "tls-server-name": "other.example.com" });
  });

  describe("of a proxy", () => {
    let proxy: ProxyServer;
    let through: string[] = [];
    let proxyUrl: string;
    before(async () => {
      proxy = createProxy().on("connect", ({ url: target }, socket, head) => {
        through.push(target ?? "");
        const port = Number((target ?? "").split(":")[1]);
        const onward = connectTo(port, "127.0.0.1", () => {
          socket.write("HTTP/1.1 200 OK\r\n\r\n");
          onward.write(head);
          onward.pipe(socket).pipe(onward);
        });
        for (const end of [socket, onward]) end.on("error", () => undefined);
      });
      proxy.listen(0, "127.0.0.1");
      await new Promise((resolve) => proxy.once("listening", resolve));
      proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    });
    after(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    beforeEach(() => (through = []));

    it("proxy-url", async () => {
      await bothSay("authorization", "Bearer t", { token: "t" }, { "proxy-url": proxyUrl });
      assert.deepEqual(through, [new URL(url()).host, new URL(url()).host]);
    });
  });

  it("of another entry, which may be wrong", async () => {
    const kubeconfig = write({ token: "t" });
    const text = readFileSync(kubeconfig, "utf8").replace(
      "contexts:\n",
      "contexts:\n  - name: empty\n    context: {}\n",
    );
    writeFileSync(kubeconfig, text.replace("clusters:\n", "clusters:\n  - { name: none }\n"));
    await connect("x", kubeconfig).core.listNamespace();
    await openApi("x", kubeconfig).ask("/");
    assert.equal(seen().length, 2);
  });
});
