import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Exec, ExportRecipe } from "../../model/export-recipe";
import { asHolder, asLastHolder, noHolder } from "../../model/holders";
import { hooksOf } from "../../plan/velero-hooks";

const sh = (script: string) => ({ exec: ["sh", "-c", script] });

describe("several that hold one service", () => {
  let directory: string;
  let recipe: ExportRecipe;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "holders-"));
    mkdirSync(`${directory}/data`);
    writeFileSync(`${directory}/data/file`, "content");
    recipe = {
      container: "pinboard",
      begin: [sh(`touch ${directory}/flag`)],
      streams: [],
      verify: "again",
      end: [sh(`rm -f ${directory}/flag`)],
    };
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const held = () => existsSync(`${directory}/flag`);
  function run({ exec: [command = "", ...args] }: Exec, temporary = directory) {
    const env = { ...process.env, TMPDIR: temporary };
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 30_000, env });
    return [status, stdout, stderr];
  }
  const begin = (holder: "move" | "backup") => run(asHolder(holder, recipe.begin[0]!));
  const end = (holder: "move" | "backup") => run(asLastHolder(holder, recipe.end[0]!));
  /** A hook of Velero's; `lasts`: seconds of its longest hold. */
  const velero = (phase: "pre" | "post", lasts = 60) => {
    const hooks = hooksOf(recipe, [{ path: `${directory}/data` }]);
    const command = JSON.parse(hooks[`${phase}.hook.backup.velero.io/command`]!) as string[];
    const own = command.map((word) =>
      word.replaceAll("/tmp/velero-", `${directory}/velero-`).replaceAll("sleep 600", `sleep ${lasts}`),
    );
    return run({ exec: own });
  };
  const done = [0, "", ""];
  const stillHeld = (by: string) => [0, `still held by: ${by}\n`, ""];

  it("don't let it go before the last has ended, whoever began first", () => {
    for (const [first, second] of [
      ["move", "backup"],
      ["backup", "move"],
    ] as const) {
      assert.deepEqual([begin(first), begin(second)], [done, done]);
      assert.deepEqual(end(first), stillHeld(second));
      assert.ok(held());
      assert.deepEqual(end(second), done);
      assert.ok(!held());
    }
  });

  it("keep what a move holds from Velero's second hook, and the other way round", () => {
    begin("move");
    assert.deepEqual(velero("pre"), done);
    assert.deepEqual(velero("post"), stillHeld("move"));
    assert.ok(held());
    assert.deepEqual(velero("pre"), done);
    assert.deepEqual(end("move"), stillHeld("velero"));
    assert.ok(held());
    assert.deepEqual(velero("post"), done);
    assert.ok(!held());
  });

  it("keep it from the timer of a Velero that never comes back", async () => {
    begin("backup");
    velero("pre", 1);
    await delay(2500);
    assert.ok(held());
    assert.ok(!existsSync(`${directory}/held-by-velero`), "it has ended all the same");
    assert.deepEqual(end("backup"), done);
    assert.ok(!held());
  });

  it("leave it to another, and are no holder then", () => {
    begin("backup");
    begin("move");
    assert.deepEqual(run(noHolder("backup")), done);
    assert.ok(held());
    assert.deepEqual(end("move"), done);
    assert.ok(!held());
  });

  it("don't count once their longest hold is over", () => {
    begin("move");
    writeFileSync(`${directory}/held-by-move`, `${Math.floor(Date.now() / 1000) - 1}\n`);
    begin("backup");
    assert.deepEqual(end("backup"), done);
    assert.ok(!held());
  });

  it("say so where it can't be let go, as the command does", () => {
    begin("move");
    recipe.end = [sh("echo why >&2; exit 3")];
    assert.deepEqual(end("move"), [3, "", "why\n"]);
  });

  it("end their holds for all where the container has no place for files, and once for what a killed one left", () => {
    const nowhere = "/nowhere";
    assert.deepEqual(run(asHolder("move", recipe.begin[0]!), nowhere), done);
    assert.deepEqual(run(asLastHolder("backup", recipe.end[0]!), nowhere), done);
    assert.ok(!held());
    mkdirSync(`${directory}/held-by.turn`);
    const impatient = asHolder("move", recipe.begin[0]!).exec.map((word) => word.replace("tries=50", "tries=2"));
    assert.deepEqual(run({ exec: impatient }), done);
    assert.deepEqual(
      readdirSync(directory).filter((name) => name.startsWith("held-by")),
      ["held-by-move"],
    );
  });

  it("never let go what another has just begun, at whatever moment", async function () {
    this.timeout(60_000);
    const quoted = ({ exec }: Exec) => exec.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    const round = (holder: "move" | "backup") => `n=0
while [ $n -lt 40 ]; do
  n=$((n + 1))
  ${quoted(asHolder(holder, recipe.begin[0]!))}
  [ -e ${directory}/flag ] || echo lost
  sleep 0.0$((n % 3))
  [ -e ${directory}/flag ] || echo lost
  ${quoted(asLastHolder(holder, recipe.end[0]!))} >/dev/null
done`;
    const printed = await Promise.all(
      (["move", "backup"] as const).map(
        (holder) =>
          new Promise<string>((resolve) => {
            const child = spawn("sh", ["-c", round(holder)], { env: { ...process.env, TMPDIR: directory } });
            let text = "";
            for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (text += data));
            child.once("close", () => resolve(text));
          }),
      ),
    );
    assert.deepEqual(printed, ["", ""]);
    assert.ok(!held());
  });
});
