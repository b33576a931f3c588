import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import type { ServerResponse } from "node:http";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { connect as connectSecurely } from "node:tls";
import { loadMover } from "./compiled";
import { describeTree, errorOf, key, resultOf, runCopy, serve } from "./tree";

import { useServedTrees } from "./served-trees";

const { RemoteRequests } = loadMover("wire/remote-requests");
const { sourceServer } = loadMover("wire/serving");

describe("a volume that is served", function () {
  // Each runs several programs, and some copy as much as a disk takes a while for.
  this.timeout(60_000);
  const scene = useServedTrees();
  const { copyFrom, large, wayTo } = scene;

  it(
    "is copied on where it broke off when its server was killed, and the copy says that another try may " + "go well",
    async () => {
      large();
      writeFileSync(join(scene.trees.source, "small"), "small");
      scene.serving = await serve(scene.trees.source);
      const server = scene.serving;
      let passed = 0;
      const way = await wayTo(server, (data) => {
        passed += data.length;
        if (passed > 16 * 1024 * 1024) server.stop("SIGKILL");
        return data;
      });
      const { code, outcome } = await copyFrom(way);
      assert.deepEqual([code, "transient" in outcome && outcome.transient], [1, true]);
      assert.match("error" in outcome ? outcome.error : "", /^the connection to the pod at data broke off: /);
      assert.ok(existsSync(join(scene.trees.target, ".cluster-storage-copy-in-progress")));
      resultOf(await runCopy("copy", scene.trees, { served: true }));
      assert.deepEqual(describeTree(scene.trees.target), describeTree(scene.trees.source));
    },
  );

  it("lets no byte through that changed on the way", async () => {
    large();
    scene.serving = await serve(scene.trees.source);
    let passed = 0;
    const way = await wayTo(scene.serving, (data) => {
      const before = passed;
      passed += data.length;
      if (before < 16 * 1024 * 1024 && passed >= 16 * 1024 * 1024) data[data.length >> 1]! ^= 1;
      return data;
    });
    const ended = await copyFrom(way);
    assert.equal(ended.code, 1);
    assert.match(errorOf(ended), /^the connection to the pod at data broke off: (aborted|.*bad record mac)/is);
    resultOf(await copyFrom(scene.serving.remote));
    assert.deepEqual(describeTree(scene.trees.target), describeTree(scene.trees.source));
  });

  it("is given to nobody with another key, for another move, or without any", async () => {
    writeFileSync(join(scene.trees.source, "secret"), "secret");
    scene.serving = await serve(scene.trees.source);
    const { remote } = scene.serving;
    const refused = `the pod at data (127.0.0.1:${remote.port}) has another key than this copy`;
    for (const ended of [
      await copyFrom(remote, { KEY: "another".repeat(10) }),
      await copyFrom({ ...remote, identity: "data-2-to-3" }),
    ])
      assert.deepEqual([ended.code, errorOf(ended)], [1, refused]);
    const stranger = connectSecurely({ ...remote, rejectUnauthorized: false });
    const [error] = (await once(stranger, "error")) as [Error];
    assert.match(error.message, /handshake failure|ECONNRESET|no shared cipher|protocol version/i);
    assert.deepEqual(readdirSync(scene.trees.target), []);
    resultOf(await copyFrom(remote));
  });

  it("is waited for a while, and then said to be out of reach", async () => {
    scene.serving = await serve(scene.trees.source);
    const { remote } = scene.serving;
    scene.serving.stop("SIGKILL");
    await scene.serving.ended;
    const started = performance.now();
    const ended = await copyFrom(remote, { COPY_PATIENCE: "1" });
    assert.ok(performance.now() - started > 1000);
    assert.deepEqual(
      [ended.code, errorOf(ended)],
      [1, `the pod at data can't be reached (127.0.0.1:${remote.port}): connect ECONNREFUSED 127.0.0.1:${remote.port}`],
    );
  });

  it("says so where one of its files goes while it is copied", async () => {
    writeFileSync(join(scene.trees.source, "stays"), "stays");
    writeFileSync(join(scene.trees.source, "goes"), "goes");
    scene.serving = await serve(scene.trees.source);
    // The first answer lists both; what is asked for then comes on connections of their own.
    let connections = 0;
    const way = await wayTo(scene.serving, (data) => data);
    scene.between?.on(
      "connection",
      () => ++connections === 2 && execFileSync("rm", ["-f", join(scene.trees.source, "goes")]),
    );
    const ended = await copyFrom(way);
    assert.equal(ended.code, 1);
    assert.equal(
      errorOf(ended),
      `a file can't be read: ENOENT: no such file or directory, open '${join(scene.trees.source, "goes")}'`,
    );
  });

  it("is let go when its server is told to end, or has had nothing to do for long", async () => {
    scene.serving = await serve(scene.trees.source);
    scene.serving.stop("SIGTERM");
    assert.equal(await scene.serving.ended, 0);
    scene.serving = await serve(scene.trees.source, { idle: 50 });
    assert.equal(await scene.serving.ended, 0);
  });

  it("is served on for as long as something of it is under way", async () => {
    large();
    let idle = 0;
    const server = sourceServer(
      { source: scene.trees.source, sourceName: "data", identity: "job", port: 0, idle: 1000 },
      key,
      () => idle++,
    ).listen(0, "127.0.0.1");
    let response: ServerResponse | undefined;
    server.on("request", (_request, its) => (response = its));
    await once(server, "listening");
    const requests = new RemoteRequests(
      { host: "127.0.0.1", port: (server.address() as AddressInfo).port, identity: "job" },
      "data",
      key,
    );
    let bytes = 0;
    try {
      for await (const chunk of requests.ask("/files", () => [Buffer.from("./large\0")])) {
        // A busy machine may take a part of a second until it answers at all.
        if (bytes === 0) await setTimeout(2500);
        // Once the server has ended its answer it has nothing more to do, though the kernel may have some of it.
        if (!response!.writableEnded) assert.equal(idle, 0);
        bytes += chunk.length;
      }
      assert.ok(bytes > 64 * 1024 * 1024);
      while (idle === 0) await setTimeout(20);
    } finally {
      // An open server would keep this process from ending.
      server.closeAllConnections();
      server.close();
    }
  });
});
