import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { connect } from "../../kube/client";
import { currentContext, findContext, kubeconfigFiles } from "../../kube/kubeconfig";
import { environmentProxy } from "../../kube/proxy";

describe("a list of kubeconfigs", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "kubeconfigs-"))));
  afterEach(() => rmSync(directory, { recursive: true }));
  const file = (name: string) => join(directory, name);
  const entry = (token: string, context: string) =>
    stringify({
      clusters: [{ name: "c", cluster: { server: `https://${token}` } }],
      users: [{ name: "u", user: { token } }],
      contexts: [{ name: context, context: { cluster: "c", user: "u" } }],
      "current-context": context,
    });

  it("is passed over where a file is missing, and where an entry is empty or there twice", () => {
    writeFileSync(file("a"), entry("one", "x"));
    const list = `${file("a")}::${file("gone")}:${file("a")}:`;
    assert.deepEqual(kubeconfigFiles(undefined, { KUBECONFIG: list }), [file("a")]);
    const before = process.env.KUBECONFIG;
    process.env.KUBECONFIG = list;
    try {
      assert.equal(connect("x").config.getCurrentCluster()?.server, "https://one");
    } finally {
      if (before === undefined) delete process.env.KUBECONFIG;
      else process.env.KUBECONFIG = before;
    }
  });

  it("is refused by its first file where all are missing", () => {
    const files = kubeconfigFiles(undefined, { KUBECONFIG: `${file("gone")}:${file("too")}` });
    assert.throws(() => findContext("x", files), {
      message:
        `the kubeconfig ${file("gone")} is not there; name another one, or ` +
        "make it with the tool that made the cluster",
    });
  });

  it("has its first file's entries and current context, where several have the name", () => {
    writeFileSync(file("a"), entry("one", "x"));
    writeFileSync(file("b"), entry("two", "y"));
    const files = [file("a"), file("b")];
    assert.deepEqual([currentContext(files), currentContext([...files].reverse())], ["x", "y"]);
    assert.deepEqual(
      [findContext("y", files).cluster.server, findContext("y", files).user?.token],
      ["https://one", "one"],
    );
  });
});

describe("the environment's proxy", () => {
  const table: [string, Record<string, string>, string | undefined][] = [
    ["https://api.example.com:6443", {}, undefined],
    ["https://api.example.com", { HTTPS_PROXY: "http://p:3128" }, "http://p:3128"],
    ["https://api.example.com", { https_proxy: "p:3128" }, "http://p:3128"],
    ["https://api.example.com", { HTTP_PROXY: "http://p:3128" }, undefined],
    ["http://api.example.com", { HTTP_PROXY: "http://p:3128" }, "http://p:3128"],
    ["https://127.0.0.1:6443", { HTTPS_PROXY: "http://p:3128" }, undefined],
    ["https://localhost:6443", { HTTPS_PROXY: "http://p:3128" }, undefined],
    ["https://api.example.com", { HTTPS_PROXY: "http://p", NO_PROXY: "*" }, undefined],
    ["https://api.example.com", { HTTPS_PROXY: "http://p", NO_PROXY: "a.b, example.com" }, undefined],
    ["https://example.com", { HTTPS_PROXY: "http://p", NO_PROXY: ".example.com" }, "http://p"],
    ["https://api.example.com", { HTTPS_PROXY: "http://p", no_proxy: ".example.com" }, undefined],
    ["https://myexample.com", { HTTPS_PROXY: "http://p", NO_PROXY: "example.com" }, "http://p"],
    ["https://10.1.2.3:6443", { HTTPS_PROXY: "http://p", NO_PROXY: "10.0.0.0/8" }, undefined],
    ["https://11.1.2.3:6443", { HTTPS_PROXY: "http://p", NO_PROXY: "10.0.0.0/8" }, "http://p"],
    ["https://10.1.2.3:6443", { HTTPS_PROXY: "http://p", NO_PROXY: "10.1.2.3:443" }, "http://p"],
    ["https://10.1.2.3:6443", { HTTPS_PROXY: "http://p", NO_PROXY: "10.1.2.3:6443" }, undefined],
    ["https://[fd00::1]:6443", { HTTPS_PROXY: "http://p", NO_PROXY: "fd00::1" }, undefined],
  ];
  for (const [server, environment, proxy] of table)
    it(`of ${server} with ${JSON.stringify(environment)} is ${proxy ?? "none"}`, () =>
      assert.equal(environmentProxy(server, environment), proxy));
});
