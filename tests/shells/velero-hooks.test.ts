import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ExportRecipe } from "../../model/export-recipe";
import { catalogue } from "../../services/catalogue";
import { holdFor, hooksOf } from "../../plan/velero-hooks";

const sh = (script: string) => ({ exec: ["sh", "-c", script] });
const commandOf = (hooks: Record<string, string>, key: string) => JSON.parse(hooks[key]!) as string[];

describe("Velero's hooks", () => {
  let directory: string;
  let recipe: ExportRecipe;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "hooks-"));
    mkdirSync(`${directory}/data`);
    writeFileSync(`${directory}/data/file`, "it's content");
    recipe = {
      container: "pinboard",
      begin: [sh(`echo 'held: it'; touch ${directory}/held`)],
      streams: [],
      verify: "again",
      end: [sh(`rm -f ${directory}/held`)],
    };
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const held = () => existsSync(`${directory}/held`);
  const change = () => writeFileSync(`${directory}/data/file`, "other");

  /** Runs a hook as Velero does, to its end; `lasts`: seconds of the longest hold. */
  function run(phase: "pre" | "post", lasts = 60) {
    const hooks = hooksOf(recipe, [{ path: `${directory}/data` }]);
    const [command = "", ...args] = commandOf(hooks, `${phase}.hook.backup.velero.io/command`).map((word) =>
      word.replaceAll("/tmp/velero-", `${directory}/velero-`).replaceAll("sleep 600", `sleep ${lasts}`),
    );
    const { status, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 20_000 });
    return { status, stderr };
  }
  const sound = { status: 0, stderr: "" };
  const unsound = {
    status: 1,
    stderr: "files of pinboard changed while they were copied, so this copy is not sound; " + "back it up again\n",
  };
  const impossible = "the volumes were not copied: the data of pinboard could not be made to stand still\n";

  it("hold the service from the one to the other, though each has ended", () => {
    assert.deepEqual(run("pre"), sound);
    assert.ok(held());
    assert.deepEqual(run("post"), sound);
    assert.ok(!held());
  });

  it("say so where a file was changed meanwhile, and let the service go all the same", () => {
    run("pre");
    change();
    assert.deepEqual(run("post"), unsound);
    assert.ok(!held());
  });

  it("take no earlier hook's word for it", () => {
    run("pre");
    run("post");
    assert.equal(run("post").status, 1, "nothing was held before");
  });

  it("fail before anything is copied where the service can't be held, and leave nothing held", () => {
    recipe = { ...recipe, begin: [...recipe.begin, sh("echo why >&2; exit 3")] };
    assert.deepEqual(run("pre"), { status: 1, stderr: `why\n${impossible}` });
    assert.ok(!held());
  });

  it("let the service go by themselves where Velero never comes back", async () => {
    assert.deepEqual(run("pre", 3), sound);
    assert.ok(held());
    for (const end = Date.now() + 15_000; held() && Date.now() < end;) await delay(100);
    assert.ok(!held());
  });

  it("don't let go what a later backup holds", async () => {
    run("pre", 3);
    run("post");
    run("pre");
    await delay(3500);
    assert.ok(held());
    run("post");
  });

  it("leave out what may change, and undo what made the rest settle", () => {
    mkdirSync(`${directory}/data/log`);
    recipe = {
      ...recipe,
      files: { settle: [sh(`touch ${directory}/settled`)], resume: [sh(`rm ${directory}/settled`)], changing: ["log"] },
    };
    assert.deepEqual(run("pre"), sound);
    assert.ok(existsSync(`${directory}/settled`));
    writeFileSync(`${directory}/data/log/1`, "more");
    assert.deepEqual(run("post"), sound);
    assert.ok(!existsSync(`${directory}/settled`));
    run("pre");
    rmSync(`${directory}/settled`);
    writeFileSync(`${directory}/data/new`, "");
    const { status, stderr } = run("post");
    assert.equal(status, 1);
    assert.match(stderr, /cannot remove/);
    assert.ok(stderr.endsWith(unsound.stderr));
    assert.ok(!held(), "the rest is undone all the same");
  });

  it("undo in the restored data what the hold had to change there, and only where it had to", () => {
    const postgres = catalogue.get("postgres")!.exportRecipe!([]);
    const hooks = hooksOf(postgres, []);
    assert.deepEqual(commandOf(hooks, "post.hook.restore.velero.io/command"), postgres.end[0]!.exec);
    assert.equal(hooks["post.hook.restore.velero.io/wait-for-ready"], "true");
    const redis = hooksOf(catalogue.get("redis")!.exportRecipe!([{ path: "/data" }]), []);
    assert.deepEqual(
      Object.keys(redis).filter((key) => key.includes("restore")),
      [],
    );
  });

  it("hold no process for so long that its probe would end it", () => {
    const stops = { kill: sh("") };
    const probe = { action: { http: { path: "/", port: 80 } } };
    assert.equal(holdFor(stops, { ...probe, periodSeconds: 20 }), 40);
    assert.equal(holdFor(stops, probe), 20);
    assert.equal(holdFor(stops, { ...probe, periodSeconds: 300, failureThreshold: 9 }), 600);
    assert.equal(holdFor(stops, { action: { tcp: 80 } }), 600);
    assert.equal(holdFor(stops, undefined), 600);
    assert.equal(holdFor({}, probe), 600, "nothing is stopped");
  });

  it("are scripts that a shell can read, of every service", () => {
    for (const [name, { exportRecipe, claims }] of catalogue) {
      const mounts = claims.flatMap((claim) => claim.mounts);
      for (const [key, value] of Object.entries(hooksOf(exportRecipe!(mounts), mounts))) {
        if (!key.endsWith("/command")) continue;
        const [shell, option, script = ""] = JSON.parse(value) as string[];
        assert.deepEqual([shell, option], ["sh", "-c"], name);
        const { status, stderr } = spawnSync("sh", ["-n", "-c", script], { encoding: "utf8" });
        assert.deepEqual({ status, stderr }, sound, `${name}: ${key}`);
      }
    }
  });
});
