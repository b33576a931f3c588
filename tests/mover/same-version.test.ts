import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { moverPrograms } from "../../components/mover-programs";
import { versionFile } from "../../model/mover-version";
import { commandOf, ownVersion } from "../../mover/orchestrate/same-version";
import { moverDirectory } from "./compiled";
import { describeTree, fillSource, key, makeTrees, removeTrees } from "./tree";

describe("the mover's programs in the pods of one move", () => {
  let scratch: string;
  before(() => (scratch = mkdtempSync(join(tmpdir(), "version-"))));
  after(() => rmSync(scratch, { recursive: true }));

  /** Runs a pod's command, with the programs in that directory. */
  const run = async (version: string | undefined, programs: string) => {
    const [node = "", ...args] = commandOf(version, ["copy.mjs", "measure"]).map((arg) =>
      arg.replaceAll("/mover", programs).replaceAll("/dev/termination-log", join(scratch, "log")),
    );
    const env = { OUTCOME: join(scratch, "log"), COPY: "no task" };
    const { exitCode } = await execa(node, args, { env, reject: false });
    return { exitCode, outcome: JSON.parse(readFileSync(join(scratch, "log"), "utf8")) as { error: string } };
  };
  const own = () => ownVersion(join(moverDirectory(), "main.mjs"));

  it("have a version, which is another one when any of them changes", () => {
    assert.match(own() ?? "", /^[0-9a-f]{64}$/);
    assert.equal(own(), moverPrograms()[versionFile]);
    assert.equal(ownVersion(join(scratch, "main.mjs")), undefined);
  });

  it("are run where they are of the same version, with their arguments", async () => {
    const { exitCode, outcome } = await run(own(), moverDirectory());
    assert.deepEqual([exitCode, outcome.error.includes("no task")], [1, true], outcome.error);
  });

  it("copy with all their threads where they are of the same version", async () => {
    const trees = makeTrees();
    try {
      await fillSource(trees.source);
      const [node = "", ...args] = commandOf(own(), ["copy.mjs", "copy"]).map((arg) =>
        arg.replaceAll("/mover", moverDirectory()),
      );
      const { source, target } = trees;
      const task = { source, target, sourceName: "data", targetName: "data-2", sourceId: "source-uid" };
      const env = { OUTCOME: join(scratch, "copied"), COPY: JSON.stringify(task), KEY: key };
      const { exitCode, all } = await execa(node, args, { env, reject: false, all: true });
      assert.equal(exitCode, 0, all);
      assert.deepEqual(describeTree(target), describeTree(source));
    } finally {
      removeTrees(trees);
    }
  });

  it("are not run where they are of another version, or so old that they have none", async () => {
    const changed = {
      error:
        "the mover's programs were changed while this move ran, by an update with another version of this project; " +
        "nothing was copied; the next update makes the move with one version",
      transient: false,
    };
    assert.deepEqual(await run("another", moverDirectory()), { exitCode: 3, outcome: changed });
    writeFileSync(join(scratch, "copy.mjs"), "throw new Error('it ran')");
    assert.deepEqual(await run(own(), scratch), { exitCode: 3, outcome: changed });
  });
});
