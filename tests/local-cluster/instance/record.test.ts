import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkDeletion, checkOwner, CHECKOUT, earlierOwners, self } from "../../../local-cluster/instance/owner";
import { cgroupOf } from "../../../local-cluster/instance/layout";
import {
  finishDeleting,
  instanceNames,
  readRecord,
  recordedCgroup,
  recordedLayout,
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

  it("names control groups that no other state directory's instance has, and keeps those of an earlier version", () => {
    const here = cgroupOf("one");
    assert.match(here, /^cluster-storage-one-[0-9a-f]{8}$/);
    assert.equal(recordedCgroup("one", undefined), here);
    assert.equal(recordedCgroup("one", record()), "cluster-storage-one");
    assert.equal(recordedLayout(record({ cgroup: here })).cgroup, here);
    process.env.CLUSTER_STORAGE_STATE = join(state, "other");
    assert.notEqual(cgroupOf("one"), here);
    process.env.CLUSTER_STORAGE_STATE = state;
  });

  describe("when it is deleted", () => {
    const theirs = record({ owner: "/work/second", earlier: ["/work/first", CHECKOUT] });

    it("is this checkout's own, or a test's, or isn't there", () => {
      for (const own of [record(), record({ owner: "/work/second", durable: false }), undefined])
        checkDeletion(own, []);
    });

    it("has the data of others, of which each has to be named", () => {
      for (const of of [[], ["/work/first"]])
        assert.throws(() => checkDeletion(theirs, of), {
          name: "UserError",
          message:
            'The local cluster "one" has the data of another checkout: /work/second and /work/first. Nothing was ' +
            "removed. If that data is to be deleted too, say whose it is: npm stop -- --delete --of /work/second " +
            "--of /work/first",
        });
      checkDeletion(theirs, ["/work/first/", "/work/second"]);
    });

    it("was never started by the one that is named", () => {
      assert.throws(() => checkDeletion(theirs, ["/work/first", "/work/second", "/work/third"]), {
        name: "UserError",
        message:
          "The checkout /work/third never started this local cluster; it belongs to /work/second and /work/first. " +
          "Nothing was removed",
      });
      assert.throws(() => checkDeletion(record(), ["/work/third"]), {
        message: "The checkout /work/third never started this local cluster. Nothing was removed",
      });
    });

    it("knows who had it before this checkout started it", () => {
      assert.deepEqual(earlierOwners(theirs), { earlier: ["/work/first", "/work/second"] });
      assert.deepEqual(earlierOwners(record()), {});
      assert.deepEqual(earlierOwners(undefined), {});
    });
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
