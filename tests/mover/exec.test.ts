import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadMover } from "./compiled";
import { FakeCluster } from "./fake-cluster";

const { execute, outputOf } = loadMover("leave/exec");

describe("what runs in a pod", () => {
  let root: string;
  let cluster: FakeCluster;
  let server: { url: string; token: () => string };
  before(async () => {
    root = mkdtempSync(join(tmpdir(), "exec-"));
    mkdirSync(join(root, "emptyDir"));
    cluster = new FakeCluster(root);
    server = { url: await cluster.start(), token: () => "token" };
  });
  after(() => {
    cluster.stop();
    rmSync(root, { recursive: true, force: true });
  });
  const sh = (script: string) =>
    outputOf(server, { path: "/api/v1/namespaces/cache/pods/redis-0" }, "redis", ["sh", "-c", script]);

  it("prints what it prints, whatever pieces it comes in", async () => {
    assert.equal(await sh("printf 'a b&c=d\\n'; echo noise >&2; printf end"), "a b&c=d\nend");
    assert.deepEqual(cluster.executed.at(-1), ["sh", "-c", "printf 'a b&c=d\\n'; echo noise >&2; printf end"]);
  });

  it("comes whole when it is large, and its reader is slow", async () => {
    let bytes = 0;
    for await (const chunk of execute(server, { path: "/pods/redis-0" }, "redis", [
      "head",
      "-c",
      "20000000",
      "/dev/zero",
    ])) {
      bytes += chunk.length;
      if (bytes < 2_000_000) await new Promise((later) => setTimeout(later, 1));
    }
    assert.equal(bytes, 20_000_000);
  });

  it("throws what it says where it fails", async () => {
    await assert.rejects(sh("echo printed; echo 'no room' >&2; exit 3"), {
      message: "sh -c echo printed; echo 'no room' >&2; exit 3 failed in the pod: no room",
      transient: true,
    });
    await assert.rejects(sh("exit 4"), {
      message: "sh -c exit 4 failed in the pod: command terminated with exit code 4",
    });
  });

  it("is given up where it prints nothing for too long, and not where its reader takes that long", async () => {
    const at = { path: "/api/v1/namespaces/cache/pods/redis-0" };
    await assert.rejects(outputOf(server, at, "redis", ["sh", "-c", "echo begun; sleep 20"], 600), {
      transient: true,
      message:
        "sh -c echo begun; sleep 20 has printed nothing in the pod for 0 minutes, and was given up: its disk or its " +
        "node may hang",
    });
    let printed = "";
    for await (const chunk of execute(server, at, "redis", ["sh", "-c", "echo a; sleep 0.2; echo b"], 600)) {
      await new Promise((later) => setTimeout(later, 900));
      printed += chunk.toString();
    }
    assert.equal(printed, "a\nb\n");
  });

  it("isn't whole when the connection ends before it does", async () => {
    const cut = sh("printf half; sleep 20");
    setTimeout(() => cluster.stop(), 300);
    await assert.rejects(cut, {
      transient: true,
      message: /^the connection to the pod (ended while sh ran|broke: .*)$/,
    });
  });
});
