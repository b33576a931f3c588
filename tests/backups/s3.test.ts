import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { consoleProgress } from "../../local-cluster/progress";
import { ensureS3Server } from "../../local-cluster/tools";
import { Hidden } from "../../model/hidden";
import { freePort } from "../free-port";
import { at, holdsEverywhere, none, usePlaces, type Place } from "./place";

describe("backups to a bucket of a real S3 server", () => {
  let [directory, program] = ["", ""];
  const scene = usePlaces(() => join(directory, "backups/the/cluster"));
  const { run, goTo, goToMade } = scene;
  let server: Awaited<ReturnType<typeof serve>>;

  before(async function () {
    this.timeout(900_000);
    program = await ensureS3Server(consoleProgress());
    directory = mkdtempSync(join(tmpdir(), "s3-"));
    server = await serve();
  });
  beforeEach(() => {
    rmSync(join(directory, "backups"), { recursive: true, force: true });
    mkdirSync(join(directory, "backups"));
  });
  after(async () => {
    await server?.end();
    rmSync(directory, { recursive: true, force: true });
  });

  /** A server of the directory's buckets. */
  async function serve(...options: string[]) {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const env = { ...process.env, ROOT_ACCESS_KEY: "the-id", ROOT_SECRET_KEY: "the-key" };
    const args = ["--port", `127.0.0.1:${port}`, ...options, "posix", directory];
    const child = spawn(program, args, { env, stdio: "ignore" });
    const end = async () => {
      child.kill();
      await once(child, "exit");
    };
    const answers = () =>
      fetch(endpoint).then(
        () => true,
        () => false,
      );
    for (const late = Date.now() + 30_000; Date.now() < late; await sleep(100))
      if (await answers()) return { endpoint, end };
    throw new Error("the S3 server doesn't answer");
  }

  const s3 = (changes: Partial<NonNullable<Place["s3"]>> = {}): Place => ({
    s3: {
      endpoint: server.endpoint,
      bucket: "backups",
      prefix: "the/cluster",
      accessKeyId: new Hidden("the-id"),
      secretAccessKey: new Hidden("the-key"),
      ...changes,
    },
  });

  holdsEverywhere(scene, s3);

  it("says that nobody answers", async () => {
    process.env.BACKUP_PATIENCE = "3";
    goTo(s3({ endpoint: "http://127.0.0.1:9" }));
    const { code, message = "" } = await run();
    assert.equal(code, 1);
    assert.match(message, new RegExp(`^${none}${at} could not be opened in time: .*connection refused$`));
  });

  const unwritable = "can't be written by what cluster-storage:backups.repository logs in with; give it the right to: ";

  it("makes no bucket, and says at once that it isn't there", async () => {
    goTo(s3({ bucket: "others" }));
    const message =
      `${at} is in a bucket that isn't there; make the bucket, or correct cluster-storage:backups.repository.s3: The ` +
      "specified bucket does not exist.";
    assert.deepEqual(await run(), { code: 3, message: `${none}${message}` });
    assert.deepEqual(await run("init"), { code: 3, message });
    assert.equal(existsSync(join(directory, "others")), false);
  });

  for (const [what, changes, said] of [
    [
      "another key",
      { secretAccessKey: new Hidden("x") },
      "The request signature we calculated does not match the signature you provided. Check your key and signing " +
        "method.",
    ],
    ["another key's id", { accessKeyId: new Hidden("x") }, "No user exists with the provided access key ID."],
  ] as const)
    it(`says at once that the server lets nobody in with ${what}`, async () => {
      goTo(s3(changes));
      assert.deepEqual(await run(), {
        code: 3,
        message:
          `${none}${at} lets nobody in with what cluster-storage:backups.repository logs in with; set what its ` +
          `server knows: ${said}`,
      });
      assert.equal(scene.cluster.executed.length, 0);
    });

  it("says that the server may only be read, and makes no point", async () => {
    goToMade(s3());
    const reading = await serve("--readonly");
    try {
      goTo(s3({ endpoint: reading.endpoint }));
      const { code, message = "" } = await run();
      assert.equal(code, 3, message);
      assert.ok(message.startsWith(`${none}${at} ${unwritable}`), message);
      assert.deepEqual(await scene.listed(), []);
    } finally {
      await reading.end();
    }
  });

  it("says that the server's disk is full, and makes no point", async () => {
    const bucket = join(directory, "backups");
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "none", bucket]);
    try {
      goToMade(s3());
      execFileSync("sh", ["-c", `dd if=/dev/zero of=${bucket}/fill bs=1k count=9000 2>/dev/null || true`]);
      const { code, message = "" } = await run();
      assert.equal(code, 3, message);
      const expected = "is full; make room there, or let it go elsewhere (docs/backups.md): ";
      assert.ok(message.startsWith(`${none}${at} ${expected}`), message);
      execFileSync("rm", [join(bucket, "fill")]);
      assert.deepEqual(await scene.listed(), []);
    } finally {
      execFileSync("umount", [bucket]);
    }
  });
});
