import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { servedDigest, servedPassword } from "../../components/served-password";
import { freePort } from "../free-port";
import { moverDirectory } from "../mover/compiled";
import { at, holdsEverywhere, none, usePlaces, type Place } from "./place";

/** The user that the server runs as: nobody of this machine. */
const uid = 65532;

describe("backups to a volume, by the server that the stack runs for it", () => {
  let directory = "";
  const scene = usePlaces(() => directory);
  const { run, goTo, goToMade } = scene;
  let server: ChildProcess;
  let place: Place;
  /** What the server has printed. */
  let log = "";

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "volume-"));
    execFileSync("chown", [`${uid}:${uid}`, directory]);
    await start();
  });
  afterEach(async () => {
    server.kill();
    await once(server, "exit");
    execFileSync("sh", ["-c", `! mountpoint -q ${directory} || umount ${directory}; rm -rf ${directory}`]);
  });

  async function start(): Promise<void> {
    const port = await freePort();
    const env = {
      ...process.env,
      REPOSITORY_DIRECTORY: directory,
      REPOSITORY_PORT: String(port),
      REPOSITORY_ACCEPTED: [servedDigest("right"), servedDigest("wrong")].join(","),
    };
    log = "";
    server = spawn(process.execPath, [join(moverDirectory(), "repository.mjs")], { env, uid, gid: uid });
    for (const printed of [server.stdout, server.stderr]) printed?.on("data", (text: Buffer) => (log += String(text)));
    place = { claim: { size: "1Gi" }, server: { host: "127.0.0.1", port } };
    const ready = () =>
      fetch(`http://127.0.0.1:${port}/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    for (const end = Date.now() + 10_000; Date.now() < end; await sleep(50)) if (await ready()) return;
    throw new Error(`the server doesn't answer: ${log}`);
  }

  holdsEverywhere(scene, () => place);

  it("keeps each file whole, as one user's, whoever the client runs as", async () => {
    goTo(place);
    await run("init");
    scene.cheapKey();
    await run();
    const program = join(scene.root, "restic");
    copyFileSync(process.env.RESTIC!, program);
    chmodSync(scene.root, 0o755);
    const restic = (...args: string[]) =>
      execFileSync(program, [...args, "--no-cache"], {
        encoding: "utf8",
        uid: 4711,
        gid: 4711,
        env: open(),
      });
    assert.match(restic("backup", "--host", "another-user", "/etc/hostname"), /snapshot [0-9a-f]{8} saved/);
    assert.match(restic("check", "--read-data"), /no errors were found/);
    const owners = execFileSync("find", [directory, "-printf", "%U:%G\n"], { encoding: "utf8" });
    assert.deepEqual([...new Set(owners.trim().split("\n"))], [`${uid}:${uid}`]);
    const left = readdirSync(directory, { recursive: true, encoding: "utf8" });
    assert.deepEqual(
      left.filter((name) => name.endsWith(".unfinished")),
      [],
    );
  });

  /** restic's variables for a user who may not read the test's own directory. */
  function open(): NodeJS.ProcessEnv {
    const repository = readFileSync(process.env.RESTIC_REPOSITORY_FILE!, "utf8");
    return { PATH: process.env.PATH, RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: "right" };
  }

  async function ask(path: string, method = "GET", body?: string): Promise<number> {
    const { host, port } = place.server!;
    const authorization = `Basic ${Buffer.from(`a:${servedPassword("right")}`).toString("base64")}`;
    const headers = { authorization };
    return (await fetch(`http://${host}:${port}${path}`, { method, headers, ...(body && { body }) })).status;
  }

  it("lets nobody in without what its server knows, and nobody out of its directory", async () => {
    goToMade(place);
    goTo(place, "other");
    assert.deepEqual(await run(), {
      code: 3,
      message:
        `${none}${at} lets nobody in with what cluster-storage:backups.repository logs in with; set what its server ` +
        "knows: unable to open config file: unexpected HTTP response (401): 401 Unauthorized",
    });
    assert.equal(await ask("/config"), 200);
    for (const path of ["/../../etc/hostname", "/data/..%2f..%2fconfig", "/keys/config", "/other/"])
      assert.equal(await ask(path), 404, path);
    assert.equal(await ask("/config", "DELETE"), 405);
    assert.equal(await ask("/config", "POST", "another"), 403);
    assert.equal(await ask(`/data/${"a".repeat(64)}`, "POST", "other bytes than its name says"), 400);
    assert.equal(existsSync(join(directory, "data/aa", "a".repeat(64))), false);
    const { host, port } = place.server!;
    assert.equal((await fetch(`http://${host}:${port}/config`)).status, 401);
  });

  it("leaves no point out of its list because it can't be looked at, so that no data of it is pruned", async () => {
    goToMade(place);
    assert.equal((await run()).code, 0);
    assert.equal(await ask("/snapshots/"), 200);
    const loop = join(directory, "snapshots", "b".repeat(64));
    symlinkSync(loop, loop);
    assert.equal(await ask("/snapshots/"), 500);
    const packs = readdirSync(join(directory, "data"), { recursive: true }).length;
    const prune = ["prune", "--max-unused", "0", "--no-cache"];
    const { status } = spawnSync(process.env.RESTIC!, prune, { env: open(), timeout: 5000 });
    assert.notEqual(status, 0);
    assert.equal(readdirSync(join(directory, "data"), { recursive: true }).length, packs);
  });

  it("says that nobody answers", async () => {
    process.env.BACKUP_PATIENCE = "3";
    goTo({ ...place, server: { host: "127.0.0.1", port: 9 } });
    const { code, message = "" } = await run();
    assert.equal(code, 1);
    assert.match(message, new RegExp(`^${none}${at} could not be opened in time: .*connection refused$`));
  });

  it("says that the volume is read-only, and makes no point", async () => {
    goToMade(place);
    execFileSync("sh", ["-c", `mount --bind ${directory} ${directory}; mount -o remount,ro,bind ${directory}`]);
    assert.deepEqual(await run(), {
      code: 3,
      message:
        `${none}${at} can't be written by what cluster-storage:backups.repository logs in with; give it the right ` +
        "to: unable to create lock in backend: unexpected HTTP response (403): 403 Read-only file system",
    });
  });

  it("says that the server's user may not write there", async () => {
    execFileSync("chown", ["root", directory]);
    goTo(place);
    assert.deepEqual(await run("init"), {
      code: 3,
      message:
        `${at} can't be written by what cluster-storage:backups.repository logs in with; give it the right to: ` +
        "unable to open config file: unexpected HTTP response (403): 403 Permission denied",
    });
  });

  it("says that the volume is full, makes no point, and leaves nothing half", async () => {
    execFileSync("sh", ["-c", `mount -t tmpfs -o size=4m,uid=${uid} none ${directory}`]);
    goToMade(place);
    execFileSync("sh", ["-c", `dd if=/dev/zero of=${directory}/fill bs=1k count=9000 2>/dev/null || true`]);
    assert.deepEqual(await run(), {
      code: 3,
      message:
        `${none}${at} is full; make room there, or let it go elsewhere (docs/backups.md): unable to create lock in ` +
        "backend: unexpected HTTP response (507): 507 Insufficient Storage",
    });
    assert.match(log, /^POST \/locks\/[0-9a-f]{64}: ENOSPC: no space left on device/m);
    execFileSync("rm", [join(directory, "fill")]);
    assert.deepEqual(await scene.listed(), []);
    assert.deepEqual(await run(), { code: 0 });
  });
});
