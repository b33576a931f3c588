import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, run, type CommandArgs } from "@pulumi/command/local";
import { failureOf, useStack, type Program } from "./stack";

describe("local commands", () => {
  const stack = useStack();
  let directory: string;
  before(async () => (directory = await mkdtemp(join(tmpdir(), "contract-"))));
  after(() => rm(directory, { recursive: true }));
  beforeEach(() => writeFile(join(directory, "log"), ""));

  const logged = async (): Promise<string[]> => (await readFile(join(directory, "log"), "utf8")).trim().split("\n");
  const log = (what: string) => `echo ${what} $VALUE $PULUMI_COMMAND_STDOUT >> log; echo out-${what}`;
  const declare =
    (args: Partial<CommandArgs> = {}): Program =>
    () => {
      const first = new Command("first", {
        dir: directory,
        create: log("create"),
        update: log("update"),
        delete: log("delete"),
        environment: { VALUE: "1" },
        triggers: ["1"],
        ...args,
      });
      const second = new Command(
        "second",
        { dir: directory, create: log("second"), delete: log("second-delete") },
        { dependsOn: first },
      );
      return { first: first.stdout, second: second.stdout };
    };

  it("run in a preview never, in an update in order", async () => {
    await stack().preview(declare());
    assert.deepEqual(await logged(), [""]);
    const { outputs } = await stack().up(declare());
    assert.deepEqual(await logged(), ["create 1", "second"]);
    assert.equal(outputs.first.value, "out-create");
  });

  it("do not run again when nothing changed", async () => {
    const { steps } = await stack().up(declare());
    assert.deepEqual([steps.first, await logged()], ["same", [""]]);
  });

  it("update with the last output in the environment", async () => {
    const { steps } = await stack().up(declare({ environment: { VALUE: "2" } }));
    assert.deepEqual([steps.first, await logged()], ["update", ["update 2 out-create"]]);
  });

  it("without it when that is switched off", async () => {
    await stack().up(declare({ environment: { VALUE: "3" }, addPreviousOutputInEnv: false }));
    assert.deepEqual(await logged(), ["update 3"]);
  });

  // The engine's doing: where names are not drawn, it takes every old one for being in the way of the new one.
  it(
    "are replaced by a trigger: the old one's delete, then the new one's create, as autonaming is " + "disabled",
    async () => {
      const { steps } = await stack().up(
        declare({ environment: { VALUE: "3" }, triggers: ["2"], addPreviousOutputInEnv: false }),
      );
      assert.deepEqual([steps.first, await logged()], ["replace", ["delete 3", "create 3"]]);
    },
  );

  it("run create again where there is no update", async () => {
    const { steps } = await stack().up(
      declare({ environment: { VALUE: "4" }, triggers: ["2"], update: undefined, addPreviousOutputInEnv: false }),
    );
    assert.deepEqual([steps.first, await logged()], ["update", ["create 4"]]);
  });

  it("read stdin", async () => {
    const { outputs } = await stack().up(() => ({
      out: new Command("reader", { create: "cat; echo err >&2", stdin: "in" }).stdout,
    }));
    assert.equal(outputs.out.value, "in");
  });

  it("deletes run in the reverse order, with what the state says", async () => {
    await stack().up(declare());
    await writeFile(join(directory, "log"), "");
    await stack().up(() => undefined);
    assert.deepEqual(await logged(), ["second-delete out-second", "delete 1 out-create"]);
  });

  it("that fail fail the update, with their output", async () => {
    const text = await failureOf(stack().up(() => void new Command("bad", { create: "echo spoken; exit 3" })));
    assert.match(text, /exit status 3/);
    assert.match(text, /spoken/);
  });

  it("as a function run in a preview too", async () => {
    await stack().preview(async () => ({ out: (await run({ command: "echo ran >> log", dir: directory })).stdout }));
    assert.deepEqual(await logged(), ["ran"]);
  });
});

describe("local commands with autonaming", () => {
  const stack = useStack({ explicitNames: false });
  let directory: string;
  before(async () => (directory = await mkdtemp(join(tmpdir(), "contract-"))));
  after(() => rm(directory, { recursive: true }));

  it("are replaced the other way round", async () => {
    const declare =
      (trigger: string): Program =>
      () =>
        void new Command("only", {
          dir: directory,
          create: "echo create >> log",
          delete: "echo delete >> log",
          triggers: [trigger],
        });
    await stack().up(declare("1"));
    await stack().up(declare("2"));
    assert.equal(await readFile(join(directory, "log"), "utf8"), "create\ncreate\ndelete\n");
  });
});
