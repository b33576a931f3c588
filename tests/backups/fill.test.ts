import assert from "node:assert/strict";
import { constants, generateKeyPairSync, privateDecrypt } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sealedPrefix, type SealedKeys } from "../../model/backup";
import type { RestoreSource } from "../../model/restore";
import { claim, deployment } from "../mover/fills";
import { task } from "./ground";
import { aFill, target, useRestores } from "./restore-ground";

describe("a new volume that is filled from the newest point, with the real restic", () => {
  const scene = useRestores();
  const { run, point, restore, gone, write } = scene;
  const content = () => readFileSync(join(scene.root, target, "sub/dump.rdb"), "utf8");

  async function refused(expected: string | RegExp, changes?: Partial<RestoreSource>): Promise<number> {
    const { code, message = "" } = await restore(aFill(changes));
    const before = "redis-data-2 was not filled from the newest point of project/dev/redis, so redis is not started: ";
    if (typeof expected === "string") assert.equal(message, before + expected);
    else assert.match(message, expected);
    assert.ok(message.startsWith(before), message);
    assert.equal(scene.cluster.objects.has(deployment), false);
    assert.equal(scene.notesOn(target)["cluster-storage/moved"], undefined);
    return code;
  }

  it("has what the newest has, and is noted as its", async () => {
    await run("init");
    await point();
    write("newer");
    const id = await point();
    gone();
    assert.deepEqual(await restore(aFill()), { code: 0 });
    assert.equal(content(), "newer");
    const moved = JSON.parse(scene.notesOn(target)["cluster-storage/moved"]!) as { from: string };
    assert.equal(moved.from, `point ${id}`);
    // The next update runs no job, and one that is made again does nothing.
    writeFileSync(join(scene.root, target, "sub/dump.rdb"), "written since");
    assert.deepEqual(await restore(aFill()), { code: 0 });
    assert.equal(content(), "written since");
  });

  it("passes over a point that has less than half of the data", async () => {
    await run("init");
    for (const name of ["a", "b", "c"]) writeFileSync(join(scene.root, "emptyDir", name), "data");
    const good = await point();
    scene.cluster.annotate(claim("redis-data"), {
      "cluster-storage/backed-up": JSON.stringify({ id: good, at: "2026-01-01T00:00:00Z", files: 100, bytes: 1e6 }),
    });
    const lost = await point();
    assert.notEqual(lost, good);
    gone();
    assert.deepEqual(await restore(aFill()), { code: 0 });
    assert.match(scene.notesOn(target)["cluster-storage/moved"]!, new RegExp(`point ${good}`));
  });

  it("goes on where it was killed, from what is the newest by then", async () => {
    await run("init");
    await point();
    gone();
    mkdirSync(join(scene.root, target, "sub"));
    writeFileSync(join(scene.root, target, "sub/half"), "");
    writeFileSync(join(scene.root, target, ".cluster-storage-copy-in-progress"), "point of before\n");
    assert.deepEqual(await restore(aFill()), { code: 0 });
    assert.equal(content(), "the data");
    assert.equal(existsSync(join(scene.root, target, "sub/half")), false);
  });

  it("stays empty without a repository, and makes none", async () => {
    gone();
    const expected =
      "there is no repository at the test's repository, and none was made. If the address is wrong: correct " +
      "cluster-storage:backups.repository. If nothing was ever backed up: write fresh: true in the entry of redis " +
      "(in cluster-storage:backups for all services of a new stack), and after the update npm run backup -- --init";
    assert.equal(await refused(expected), 3);
    assert.equal(existsSync(join(scene.root, "repository")), false);
  });

  it("stays empty without a point of its own, and says whose there are", async () => {
    await run("init");
    await run("make", "p", { ...task, owner: "project/prod" });
    gone();
    const expected =
      "the repository at the test's repository has no point of project/dev/redis; it has points of " +
      "project/prod/redis. If that is another repository than meant: correct cluster-storage:backups.repository. If " +
      "redis is new: write fresh: true in the entry of redis (in cluster-storage:backups for all services of a new " +
      "stack)";
    assert.equal(await refused(expected), 3);
  });

  it("stays empty with another password, and where nothing answers", async () => {
    await run("init");
    await point();
    gone();
    process.env.RESTIC_PASSWORD = "wrong";
    assert.equal(await refused(/the password is not that of the repository at the test's repository; nothing was/), 3);
    Object.assign(process.env, { RESTIC_PASSWORD: "right", RESTIC_REPOSITORY: "rest:http://127.0.0.1:9/" });
    process.env.BACKUP_PATIENCE = "3";
    assert.equal(await refused(/the repository at the test's repository could not be opened in time/), 1);
  }).timeout(120_000);

  it("leaves a volume as it is that has something else", async () => {
    await run("init");
    const id = await point();
    gone();
    writeFileSync(join(scene.root, target, "somebody's"), "");
    const expected =
      `redis-data-2 is not empty (it has somebody's) and holds no unfinished copy of point ${id.slice(0, 8)}; ` +
      "nothing was changed";
    assert.equal(await refused(expected), 3);
  });
});

describe("the keys that a point has, with the real restic", () => {
  const scene = useRestores();

  it("are told to who asked, and to nobody who reads the log", async () => {
    const values = { password: "the key", long: `${"x".repeat(500)}ü`, none: "" };
    const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]);
    scene.cluster.put("/api/v1/namespaces/cache/secrets/redis", { data: Object.fromEntries(data) as object });
    await scene.run("init");
    const id = await scene.point();
    const { publicKey, privateKey: key } = generateKeyPairSync("rsa", {
      modulusLength: 3072,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    process.env.BACKUP_KEYS = JSON.stringify({ points: [id], publicKey });
    scene.lines = [];
    assert.deepEqual(await scene.run("keys"), { code: 0 });
    const [line = "", ...more] = scene.lines;
    assert.deepEqual(more, []);
    const sealed = JSON.parse(line.slice(sealedPrefix.length)) as SealedKeys;
    const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
    const open = (piece: string) => privateDecrypt({ key, ...padding }, Buffer.from(piece, "base64"));
    const opened = Object.entries(sealed.keys).map(([name, text]) => [
      name,
      Buffer.concat(text.split(" ").map(open)).toString("utf8"),
    ]);
    assert.deepEqual([sealed.point, Object.fromEntries(opened)], [id, values]);
    for (const text of ["the key", Buffer.from("the key").toString("base64"), "xxxx"]) assert.ok(!line.includes(text));
    process.env.BACKUP_KEYS = JSON.stringify({ points: ["0123abcd"], publicKey });
    const { code, message } = await scene.run("keys");
    assert.deepEqual([code, message?.slice(0, 28)], [3, "there is no point 0123abcd i"]);
  });
});
