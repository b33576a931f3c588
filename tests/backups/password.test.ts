import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { useCare } from "./care-ground";
import { cheapen } from "./cheap-key";
import { homePod } from "./ground";

describe("another password for the repository, with the real restic", () => {
  const scene = useCare();
  const { run } = scene;
  /** What is done is done with the real password; from then on the test doesn't wait for it any more. */
  async function care(act: "add-password" | "retire-password"): ReturnType<typeof scene.care> {
    const ended = await scene.care(act);
    cheapen(join(scene.root, "repository"), "new", "lost", "mine", "right");
    return ended;
  }
  const at = "the test's repository";
  const codeBy = (password: string) =>
    spawnSync(process.env.RESTIC!, ["cat", "config", "--no-lock"], {
      env: { ...process.env, RESTIC_PASSWORD: password },
    }).status;
  const give = (next: string, former: string) => {
    writeFileSync(join(scene.root, "next"), next);
    writeFileSync(join(scene.root, "former"), former);
    process.env.CARE_PASSWORDS = scene.root;
  };
  const keys = () => (JSON.parse(scene.restic("key", "list", "--json")) as unknown[]).length;

  beforeEach(async () => {
    await run("init");
    scene.lines.length = 0;
    give("new", "right");
  });

  it("is added and proved, and then the old one is taken out and opens nothing", async () => {
    await run();
    assert.deepEqual(await care("add-password"), { code: 0 });
    assert.deepEqual([codeBy("right"), codeBy("new")], [0, 0]);
    assert.deepEqual(await care("retire-password"), { code: 0 });
    assert.deepEqual([codeBy("right"), codeBy("new")], [12, 0]);
    assert.deepEqual(
      scene.lines.filter((line) => /password/.test(line)),
      [
        `the repository at ${at} takes the new password, and the old one still`,
        `the old password opens nothing at ${at} any more`,
      ],
    );
    process.env.RESTIC_PASSWORD = "new";
    assert.deepEqual([keys(), scene.points().length], [1, 1]);
  });

  it("is given once, however often each end is run", async () => {
    for (const act of ["add-password", "add-password", "retire-password", "retire-password", "add-password"] as const)
      assert.deepEqual(await care(act), { code: 0 });
    process.env.RESTIC_PASSWORD = "new";
    assert.equal(keys(), 1);
  });

  it("takes out what a rotation has left that was cut off, and no key of a person", async () => {
    give("lost", "right");
    await care("add-password");
    writeFileSync(join(scene.root, "mine"), "mine");
    scene.restic("key", "add", "--new-password-file", join(scene.root, "mine"), "--user", "a-person");
    give("new", "right");
    await care("add-password");
    await care("retire-password");
    assert.deepEqual(["right", "lost", "mine", "new"].map(codeBy), [12, 12, 0, 0]);
  });

  it("leaves the old one where the new one doesn't open", async () => {
    const { code, message } = await care("retire-password");
    assert.deepEqual([code, message], [3, `the new password doesn't open the repository at ${at}; the old one stays`]);
    assert.equal(codeBy("right"), 0);
  });

  it("waits for a job that uses the repository", async () => {
    for (const pod of ["redis-backup-1", "backups-care-1"])
      scene.cluster.put(homePod(pod), { status: { phase: "Running" } });
    const busy = run();
    const [added, made] = await Promise.all([care("add-password"), busy]);
    assert.deepEqual([added.code, made.code], [0, 0]);
    // Whichever was first: the other one waited.
    assert.match(
      scene.lines.join("\n"),
      /^waiting for pod (redis-backup-1|backups-care-1), which uses the repository; one pod at a time does$/m,
    );
    assert.deepEqual([codeBy("right"), codeBy("new")], [0, 0]);
  });

  it("says what to do where the server lets nobody remove a key", async () => {
    await care("add-password");
    const refuse =
      'case "$*" in *"key remove"*) echo "unexpected HTTP response (403): 403 Forbidden" >&2; exit 1 ;; esac';
    const back = scene.inPlaceOfRestic((real) => `${refuse}\nexec ${real} "$@"`);
    const { code, message = "" } = await care("retire-password");
    back();
    assert.equal(code, 3);
    const id = /key remove ([0-9a-f]{8})/.exec(message)?.[1];
    assert.equal(
      message,
      `the server of the repository at ${at} lets this login remove no key, so the old password still opens it, ` +
        `beside the new one that is in use. Where its files are: restic -r DIRECTORY key remove ${id}, with the ` +
        "new password; then the same command again",
    );
    const removed = { env: { ...process.env, RESTIC_PASSWORD: "new" } };
    execFileSync(process.env.RESTIC!, ["key", "remove", id!], removed);
    assert.deepEqual(await care("retire-password"), { code: 0 });
    assert.deepEqual([codeBy("right"), codeBy("new")], [12, 0]);
  });
});
