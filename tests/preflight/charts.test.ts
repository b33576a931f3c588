import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { readChart } from "../../preflight/charts/archive";
import { askCharts } from "../../preflight/charts/ask";
import { proxyVariable } from "../../kube/proxy";
import { askPlace, inIndex } from "../../preflight/charts/place";
import { stack } from "./cluster";

describe("a repository of charts", () => {
  const servers: Server[] = [];
  after(() => servers.forEach((server) => (server.closeAllConnections(), server.close())));
  const serve = async (answer: RequestListener) => {
    const server = createServer(answer).listen(0, "127.0.0.1");
    servers.push(server);
    await new Promise((resolve) => server.once("listening", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const status = (code: number) => serve((_request, response) => void response.writeHead(code).end());
  const fault = (why: string) => ({ is: "fault", why });
  const asked = async (url: string, env: NodeJS.ProcessEnv = {}, wait?: number) =>
    (await askPlace(url, false, env, wait)).found;

  it("is there where it answers, also with a redirect", async () => {
    assert.deepEqual(await asked(`${await status(200)}/index.yaml`), { is: "there" });
    assert.deepEqual(await asked(`${await status(302)}/index.yaml`), { is: "there" });
  });

  it("says what is wrong with it", async () => {
    assert.deepEqual(await asked(`${await status(404)}/index.yaml`), fault("has no index.yaml"));
    assert.deepEqual(await asked(`${await status(401)}/index.yaml`), fault("wants a login (status 401)"));
    assert.deepEqual(await asked(`${await status(503)}/index.yaml`), fault("answers with status 503"));
    assert.deepEqual(await asked("http://127.0.0.1:1/index.yaml"), fault("refuses connections"));
    assert.deepEqual(await asked("http://charts.invalid/index.yaml"), fault("has a name that is not known here"));
  });

  it("that hangs is not waited for", async () => {
    const before = Date.now();
    assert.deepEqual(
      await asked(`${await serve(() => undefined)}/index.yaml`, {}, 200),
      fault("gives no answer within 0.2 s"),
    );
    assert.ok(Date.now() - before < 5000);
  });

  it("that is a registry may ask for a token, which it gives to everybody", async () => {
    assert.deepEqual(await asked(`${await status(401)}/v2/`), { is: "there" });
    assert.deepEqual(await asked(`${await status(404)}/v2/`), fault("is no registry"));
  });

  it("behind a proxy is helm's to ask", async () => {
    const url = "https://charts.longhorn.io/index.yaml";
    assert.equal(proxyVariable(url, {}), undefined);
    assert.equal(proxyVariable(url, { HTTP_PROXY: "http://p" }), undefined);
    assert.equal(proxyVariable(url, { https_proxy: "http://p" }), "https_proxy");
    assert.equal(proxyVariable(url, { HTTPS_PROXY: "http://p", NO_PROXY: "x, .longhorn.io" }), undefined);
    assert.equal(proxyVariable(url, { HTTPS_PROXY: "http://p", NO_PROXY: "horn.io" }), "HTTPS_PROXY");
    assert.equal(proxyVariable(url, { HTTPS_PROXY: "http://p", NO_PROXY: "*" }), undefined);
    assert.equal(proxyVariable("http://127.0.0.1:1/", { HTTP_PROXY: "http://p" }), undefined);
    assert.deepEqual(await asked(url, { HTTPS_PROXY: "http://p" }), {
      is: "unknown",
      why: "helm asks it through the proxy in HTTPS_PROXY",
    });
  });

  it("that is a mirror is asked for the chart", async () => {
    const index = (text: string) => inIndex({ found: { is: "there" }, text }, "longhorn", "1.12.1");
    const entries = (...versions: string[]) =>
      `apiVersion: v1\nentries:\n  longhorn:\n${versions.map((version) => `  - version: ${version}\n`).join("")}`;
    assert.deepEqual(index(entries("1.13.0", "v1.12.1")), { is: "there" });
    assert.deepEqual(index(entries("1.11.0")), fault("doesn't have it (of longhorn it has only 1.11.0)"));
    assert.deepEqual(
      index(entries("1.11.3", "1.11.2", "1.11.1", "1.11.0")),
      fault("doesn't have it (of longhorn it has only 1.11.3, 1.11.2, 1.11.1, …)"),
    );
    assert.deepEqual(index("apiVersion: v1\nentries: {}\n"), fault("doesn't have it (of longhorn it has none)"));
    for (const text of ["<html>", "a: [", "", "entries:"])
      assert.deepEqual(index(text), fault("has no index of charts"), text);
    const large = await serve((_request, response) => void response.end("x".repeat(3_000_000)));
    assert.deepEqual(await askPlace(`${large}/index.yaml`, true, {}), { found: { is: "there" } });
    const small = await serve((_request, response) => void response.end("entries: {}"));
    assert.deepEqual(await askPlace(`${small}/index.yaml`, true, {}), { found: { is: "there" }, text: "entries: {}" });
  });

  it("is asked once for all charts in it", async () => {
    const paths: string[] = [];
    const url = await serve(({ url: path = "" }, response) => {
      paths.push(path);
      response.end(JSON.stringify({ entries: { "rook-ceph": [{ version: "v1.20.6" }] } }));
    });
    const { plan } = stack({
      ceph: { type: "rook-ceph", deviceFilter: "^sdb$", default: true, repository: url, driversRepository: "lan" },
    });
    const there = { is: "there" };
    assert.deepEqual(await askCharts(plan.backends), [
      { backend: "ceph", release: "rook-ceph", found: there },
      {
        backend: "ceph",
        release: "ceph-csi-drivers",
        found: { is: "unknown", why: "helm repo list says what lan is" },
      },
      {
        backend: "ceph",
        release: "rook-ceph-cluster",
        found: fault("doesn't have it (of rook-ceph-cluster it has none)"),
      },
    ]);
    assert.deepEqual(paths, ["/index.yaml"]);
  });
});

describe("a chart in the checkout", () => {
  let directory: string;
  before(() => (directory = mkdtempSync(join(tmpdir(), "charts-"))));
  after(() => rmSync(directory, { recursive: true }));
  const archive = async (name: string, files: Record<string, string>) => {
    const tar = pack();
    for (const [path, text] of Object.entries(files)) tar.entry({ name: path }, text);
    tar.finalize();
    const path = join(directory, name);
    const chunks: Buffer[] = [];
    for await (const chunk of tar) chunks.push(chunk as Buffer);
    writeFileSync(path, gzipSync(Buffer.concat(chunks)));
    return path;
  };

  it("is read from a directory", async () => {
    mkdirSync(join(directory, "longhorn"));
    writeFileSync(join(directory, "longhorn/Chart.yaml"), "name: longhorn\nversion: 1.12.1\n");
    assert.deepEqual(await readChart(join(directory, "longhorn")), { is: "file", name: "longhorn", version: "1.12.1" });
  });

  it("is read from an archive, and not from a chart inside", async () => {
    const path = await archive("longhorn-1.12.1.tgz", {
      "longhorn/charts/inner/Chart.yaml": "name: inner\nversion: 1.0.0\n",
      "longhorn/values.yaml": "x".repeat(700),
      "longhorn/Chart.yaml": "name: longhorn\nversion: 1.12.1\n",
    });
    assert.deepEqual(await readChart(path), { is: "file", name: "longhorn", version: "1.12.1" });
  });

  it("that isn't one is called so", async () => {
    const not = { is: "fault", why: "is not a Helm chart" };
    assert.deepEqual(await readChart(join(directory, "gone.tgz")), { is: "fault", why: "is not there" });
    assert.deepEqual(await readChart(await archive("empty.tgz", { "x/values.yaml": "" })), not);
    writeFileSync(join(directory, "text.tgz"), "no archive");
    assert.deepEqual(await readChart(join(directory, "text.tgz")), not);
    mkdirSync(join(directory, "unnamed"));
    writeFileSync(join(directory, "unnamed/Chart.yaml"), "");
    assert.deepEqual(await readChart(join(directory, "unnamed")), not);
  });
});
