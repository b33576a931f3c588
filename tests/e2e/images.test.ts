import type { ResultPromise } from "execa";
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { redis } from "../../local-cluster/images/redis/image";
import { standIn } from "../../local-cluster/images/stand-in/image";
import { catalogue } from "../../services/catalogue";
import { standInOf } from "../../services/shared/local-image";
import { execIn, putAway, runImage, signal, type Unpacked } from "./image-run";
import { apt, unpacked, until, volume } from "./image-volume";

describe("the Redis image", () => {
  let image: Unpacked;
  let data: string;
  let running: ResultPromise;
  before(async () => {
    image = await unpacked(redis(apt));
    data = await volume(999);
  });
  after(() => putAway(running, [image.root, data]));

  it("keeps a write over kill -9, as uid 999 on a read-only root", async () => {
    const args = ["--appendonly", "yes", "--appendfsync", "always", "--requirepass", "secret"];
    const start = (): void => {
      running = runImage(image, { uid: 999, mounts: { "/data": data }, empty: ["/tmp"], args });
    };
    const cli = async (command: string[], env = {}) =>
      String((await execIn(image, running, 999, ["redis-cli", ...command], env)).stdout).trim();
    const known = { REDISCLI_AUTH: "secret" };
    const ready = () => until("PONG", async () => (await cli(["ping"], known).catch(() => "")) === "PONG");
    start();
    await ready();
    assert.equal(await cli(["set", "key", "kept"], known), "OK");
    await signal(running, "SIGKILL");

    start();
    await ready();
    assert.equal(await cli(["get", "key"], known), "kept");
    assert.equal(await cli(["get", "key"]), "NOAUTH Authentication required.");
    assert.match(String((await signal(running, "SIGTERM")).all), /Redis is now ready to exit, bye bye/);
  });

  it("has upstream's default: without a password, others can connect", async () => {
    running = runImage(image, { uid: 999, mounts: { "/data": data }, empty: ["/tmp"], args: ["--save", ""] });
    const cli = async (...command: string[]) => (await execIn(image, running, 999, ["redis-cli", ...command])).stdout;
    await until("PONG", async () => String(await cli("ping").catch(() => "")).trim() === "PONG");
    assert.equal(await cli("config", "get", "protected-mode"), "protected-mode\nno");
    assert.equal(await cli("config", "get", "save"), "save\n");
  });
});

describe("a stand-in image", () => {
  it("won't start on a volume that isn't its user's, and says so", async () => {
    const image = await unpacked(standIn("qdrant", standInOf(catalogue.get("qdrant")!), apt));
    const [storage, snapshots] = [await volume(1000), await volume(4242)];
    const mounts = { "/qdrant/storage": storage, "/qdrant/snapshots": snapshots };
    const result = await runImage(image, { uid: 1000, mounts });
    assert.equal(result.exitCode, 1);
    assert.match(
      String(result.all),
      new RegExp(
        String.raw`stand-in for qdrant: the directory \/qdrant\/snapshots is not writable for uid 1000, ` +
          String.raw`gid 1000: .*permission denied`,
      ),
    );
    for (const directory of [image.root, storage, snapshots]) await rm(directory, { recursive: true });
  });

  it("of Qdrant ends as upstream's does, whose start doesn't wait, and well by the catalogue's command", async () => {
    const { command = [] } = catalogue.get("qdrant")!;
    const image = await unpacked(standIn("qdrant", standInOf(catalogue.get("qdrant")!), apt));
    const [storage, snapshots] = [await volume(1000), await volume(1000)];
    const mounts = { "/qdrant/storage": storage, "/qdrant/snapshots": snapshots };
    for (const [args, exitCode] of [
      [undefined, 143],
      [command, 0],
    ] as const) {
      const running = runImage(image, { uid: 1000, mounts, empty: ["/tmp"], ...(args && { args: [...args] }) });
      const ask = ["sh", "-c", "printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' | nc 127.0.0.1 6333"];
      const answer = () => execIn(image, running, 1000, ask).then(({ stdout }) => String(stdout));
      await until("200 OK", async () => (await answer().catch(() => "")).includes("200 OK"));
      const result = await signal(running, "SIGTERM");
      assert.equal(result.exitCode, exitCode);
      if (args) assert.match(String(result.all), /stand-in for qdrant: ended\n?$/);
    }
    for (const directory of [image.root, storage, snapshots]) await rm(directory, { recursive: true });
  });
});
