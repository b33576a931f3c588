import assert from "node:assert/strict";
import { Agent, createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { Changes } from "../../../local-cluster/plugins/kubernetes/awaits/changes";
import { ApiClient } from "../../../local-cluster/plugins/kubernetes/client";

const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "x", namespace: "n" } };

describe("waiting for an object's changes", () => {
  let tell: () => void;
  let ended: boolean;
  const cluster = {
    watch: async (_object: unknown, onEvent: () => void) => {
      tell = onEvent;
      return () => void (ended = true);
    },
  };
  beforeEach(() => (ended = false));

  const taken = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };

  it("ends soon after one, and not before", async () => {
    const changes = new Changes(cluster, object);
    setTimeout(() => tell(), 300);
    const milliseconds = await taken(() => changes.wait(20_000));
    assert.ok(milliseconds >= 290 && milliseconds < 5_000, String(milliseconds));
    assert.ok((await taken(() => changes.wait(200))) >= 190, "a change is told once");
  });

  it("misses none that came while nobody waited", async () => {
    const changes = new Changes(cluster, object);
    tell();
    assert.ok((await taken(() => changes.wait(20_000))) < 5_000);
  });

  it("says whether there was one", async () => {
    const changes = new Changes(cluster, object);
    tell();
    assert.equal(await changes.wait(20_000), true);
    assert.equal(await changes.wait(10), false);
  });

  it("ends by itself where nothing is told", async () => {
    const broken = new Changes({ watch: () => Promise.reject(new Error("forbidden")) }, object);
    assert.ok((await taken(() => broken.wait(200))) >= 190);
  });

  it("ends the watch, though it began only then", async () => {
    const changes = new Changes(cluster, object);
    changes.close();
    await delay(10);
    assert.equal(ended, true);
  });
});

describe("a watch", () => {
  let server: Server;
  let url: string | undefined;
  let gone: Promise<unknown>;

  beforeEach(async () => {
    server = createServer((request, response) => {
      url = request.url;
      gone = new Promise((resolve) => response.on("close", resolve));
      response.write('{"type":"MODIFIED"}\n');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it("asks for what comes, tells of it, and lets the connection go", async () => {
    const { port } = server.address() as AddressInfo;
    const credentials = {
      server: new URL(`http://127.0.0.1:${port}`),
      agent: new Agent(),
      watching: new Agent(),
      headers: {},
    };
    const client = new ApiClient(credentials, () => undefined);
    let end = () => undefined as void;
    await new Promise<void>(
      (resolve) =>
        (end = client.watch("/api/v1/pods", { fieldSelector: "metadata.name=x", resourceVersion: "7" }, resolve)),
    );
    assert.equal(url, "/api/v1/pods?fieldSelector=metadata.name%3Dx&resourceVersion=7&watch=true");
    end();
    await gone;
  });
});
