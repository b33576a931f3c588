import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkOwner, CHECKOUT, self } from "../../../local-cluster/instance/owner";
import {
  finishDeleting,
  instanceNames,
  readRecord,
  removeDirectory,
  writeRecord,
  type InstanceRecord,
} from "../../../local-cluster/instance/record";
import { instanceDir } from "../../../local-cluster/paths";

describe("an instance's record", () => {
  let state: string;
  const was = process.env.CLUSTER_STORAGE_STATE;
  const record = (changes: Partial<InstanceRecord> = {}): InstanceRecord => ({
    name: "one",
    owner: CHECKOUT,
    slot: 3,
    durable: true,
    phase: "running",
    tools: { bin: "/tools", env: {} },
    ...changes,
  });
  beforeEach(() => (process.env.CLUSTER_STORAGE_STATE = state = mkdtempSync(join(tmpdir(), "state-"))));
  afterEach(() => {
    rmSync(state, { recursive: true });
    if (was === undefined) delete process.env.CLUSTER_STORAGE_STATE;
    else process.env.CLUSTER_STORAGE_STATE = was;
  });

  it("is read as it was written, and nothing else is beside it", () => {
    assert.equal(readRecord("one"), undefined);
    assert.deepEqual(instanceNames(), []);
    writeRecord(record());
    assert.deepEqual(readRecord("one"), record());
    assert.deepEqual(readdirSync(instanceDir("one")), ["instance.json"]);
    assert.deepEqual(instanceNames(), ["one"]);
  });

  it("says so when it is damaged", () => {
    writeRecord(record());
    const file = join(instanceDir("one"), "instance.json");
    writeFileSync(file, "{");
    assert.throws(
      () => readRecord("one"),
      (error: Error) =>
        error.name === "UserError" &&
        error.message.startsWith(`${file} is damaged (`) &&
        error.message.includes("Nothing was changed."),
    );
  });

  it("goes with its directory, whose half-done deletion is no instance", async () => {
    writeRecord(record());
    await removeDirectory(instanceDir("one"));
    assert.equal(existsSync(instanceDir("one")), false);
    await removeDirectory(instanceDir("one"));

    mkdirSync(`${instanceDir("one")}.deleting`, { recursive: true });
    writeFileSync(join(`${instanceDir("one")}.deleting`, "instance.json"), "half");
    assert.deepEqual(instanceNames(), []);
    await finishDeleting(instanceDir("one"));
    assert.deepEqual(readdirSync(join(state, "instances")), []);
  });

  describe("of another checkout", () => {
    const other = () => {
      const directory = join(state, "checkout");
      mkdirSync(directory);
      writeFileSync(join(directory, "package.json"), "{}");
      return directory;
    };

    it("refuses while the instance is live", () => {
      const owner = other();
      assert.throws(() => checkOwner(record({ owner }), true), {
        name: "UserError",
        message:
          `The local cluster "one" is in use by the checkout ${owner}. Nothing was changed. Stop it ` +
          `first: npm --prefix ${owner} stop`,
      });
    });

    it("doesn't refuse when the instance is stopped, or the checkout is gone, or is this one", () => {
      checkOwner(record({ owner: other() }), false);
      checkOwner(record({ owner: join(state, "gone") }), true);
      checkOwner(record(), true);
    });

    it("refuses a test instance only while its test run is alive", function () {
      if (process.platform !== "linux") this.skip();
      const owner = other();
      const holder = self();
      assert.throws(() => checkOwner(record({ owner, durable: false, holder }), true), {
        message: new RegExp(`Its tests are running \\(process ${process.pid}\\): wait until they have ended$`),
      });
      checkOwner(record({ owner, durable: false, holder: { ...holder, startTime: "1" } }), true);
      checkOwner(record({ owner, durable: false }), true);
    });
  });
});
