import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { recoverStack } from "../../ops/recover/run";
import { GiB } from "../nodes/talos/fake";
import { shownIn } from "../secrets/marked";
import { stackError } from "./cli";
import { useCluster } from "./fixture";
import { killHard } from "./kill";
import { until } from "./state";
import { addresses, nodes, runningCommandLines, TalosGround } from "./talos-ground";

const disk = { serial: "DATA" };
const volume = (more: object = {}) => ({ disk, minSize: "100Gi", maxSize: "200Gi", ...more });
const config = (change: (name: string) => object = () => ({})) =>
  Object.fromEntries(
    Object.keys(nodes).map((name) => [name, { type: "talos", volumes: { prepared: volume() }, ...change(name) }]),
  );

describe("three nodes that run Talos, prepared by pulumi up", () => {
  const cluster = useCluster();
  let ground: TalosGround;

  before("nodes with an empty disk each", async function () {
    this.timeout(300_000);
    ground = await TalosGround.make(cluster());
  });
  after(async function () {
    this.timeout(300_000);
    await ground?.remove();
  });
  afterEach(() => ground.settle());

  it("are a fault before anything where one of them is away, and a warning in a preview", async function () {
    this.timeout(240_000);
    ground.change("10.99.0.13", { away: true });
    const why =
      "talosctl got no answer for talos-3 at 10.99.0.13: rpc error: code = Unavailable desc = connection error: " +
      'desc = "transport: Error while dialing: dial tcp 10.99.0.13:50000: connect: connection refused", and the ' +
      "update needs this node";
    const { exitCode, printed: text } = await ground.up(config());
    assert.equal(exitCode, 1, text);
    assert.equal(
      stackError(text),
      `the config of stack "prepared" has 1 fault, so nothing was changed:\n  cluster-storage:nodes.talos-3: ${why}`,
    );
    const preview = await ground.stack.run({ "cluster-storage:nodes": config() }, "preview");
    assert.equal(preview.exitCode, 0, preview.printed);
    assert.ok(preview.printed.includes(`warning: cluster-storage:nodes.talos-3: ${why}`), preview.printed);
    const words = "the update makes the user volume prepared; it goes to /dev/sdb, 500.0 GiB, Data, serial DATA.";
    for (const name of ["talos-1", "talos-2"])
      assert.ok(preview.printed.includes(`${name}: ${words}`), preview.printed);
    assert.deepEqual(ground.fake.changes(), []);
    assert.equal(await ground.theClass(), undefined);
  });

  it("stop the update before any storage where one fails, and say what was done", async function () {
    this.timeout(240_000);
    ground.change("10.99.0.13", { fail: "the disk is broken" });
    const { exitCode, printed: text } = await ground.up(config());
    assert.equal(exitCode, 1, text);
    for (const [i, name] of ["talos-1", "talos-2"].entries())
      assert.ok(text.includes(`${name}: the user volume prepared is ready. Step ${i + 1} of 3.`), text);
    assert.ok(
      text.includes(
        "talos-3: the user volume prepared could not be made: Talos can't make it: the disk is broken\n" +
          "    No storage of the stack was touched. What was done before stays; pulumi up goes on from here.",
      ),
      text,
    );
    assert.deepEqual(ground.sizes("u-prepared"), [200 * GiB, 200 * GiB, undefined]);
    assert.equal(await ground.theClass(), undefined);
  });

  it("go on from there, and have their volumes then", async function () {
    this.timeout(240_000);
    const { exitCode, printed: text } = await ground.up(config());
    assert.equal(exitCode, 0, text);
    assert.deepEqual(
      new Set(ground.fake.changes().map((argv) => argv[argv.indexOf("--nodes") + 1])),
      new Set(["10.99.0.13"]),
    );
    assert.deepEqual(ground.sizes("u-prepared"), [200 * GiB, 200 * GiB, 200 * GiB]);
    assert.ok(await ground.theClass());
  });

  it("are left alone by the next update", async function () {
    this.timeout(120_000);
    const { exitCode, printed: text } = await ground.up(config());
    assert.equal(exitCode, 0, text);
    assert.deepEqual(ground.fake.changes(), []);
    assert.match(text, /Resources:\n {4}\d+ unchanged\n/);
  });

  it("are upgraded one at a time, each Ready before the next", async function () {
    this.timeout(300_000);
    const image = `factory.talos.dev/installer/${"a".repeat(64)}:v1.13.2`;
    const { restarted, together, ended } = await ground.upWatchingUpgrades(config(() => ({ image, upgrade: true })));
    const { exitCode, printed: text } = ended;
    assert.equal(exitCode, 0, text);
    assert.deepEqual(restarted, Object.keys(nodes));
    assert.deepEqual(together, []);
    assert.deepEqual(
      addresses.map((address) => ground.fake.get(address).version),
      ["v1.13.2", "v1.13.2", "v1.13.2"],
    );
    for (const [i, name] of restarted.entries())
      assert.ok(text.includes(`${name}: the image ${image} is ready. Step ${i + 1} of 3.`), text);
    const again = await ground.up(config(() => ({ image, upgrade: true })));
    assert.equal(again.exitCode, 0, again.printed);
    assert.deepEqual(ground.fake.changes(), []);
  });

  it("refuse a size that Talos can't give, and aren't touched", async function () {
    this.timeout(120_000);
    const smaller = { volumes: { prepared: volume({ maxSize: "150Gi" }) } };
    const { exitCode, printed: text } = await ground.up(config((name) => (name === "talos-2" ? smaller : {})));
    assert.equal(exitCode, 1, text);
    assert.equal(
      stackError(text),
      'the config of stack "prepared" has 1 fault, so nothing was changed:\n  cluster-storage:nodes.talos-2.volumes.' +
        "prepared: the user volume prepared of talos-2: the partition has 200.0 GiB, and maxSize is " +
        "150Gi: Talos makes " +
        "no partition smaller. Write a maxSize of at least 200.0 GiB, or leave it out",
    );
    assert.deepEqual(ground.fake.changes(), []);
  });

  it("go on after an update that was killed in the middle of a step", async function () {
    this.timeout(300_000);
    const more = config(() => ({ volumes: { prepared: volume(), second: volume() } }));
    const held = join(ground.fake.folder, "hold");
    writeFileSync(held, "");
    const running = ground.stack.start({ "cluster-storage:nodes": more }, "up", "--yes", "--skip-preview");
    await until("a step is in its middle", () => Promise.resolve(existsSync(join(ground.fake.folder, "holding"))));
    const commandLines = runningCommandLines();
    assert.ok(commandLines.some((line) => line.includes("prepare-node")));
    ground.printed.push(...commandLines);
    killHard(running.pid!, true);
    await running;
    await rm(held);
    await until("the killed step's own program is gone", () =>
      Promise.resolve(!ground.stack.isHeld(ground.fake.folder)),
    );
    await recoverStack(ground.stack.stack, cluster().target.connect, { say: (line) => ground.printed.push(line) });
    const { exitCode, printed: text } = await ground.up(more);
    assert.equal(exitCode, 0, text);
    assert.deepEqual(ground.sizes("u-second"), [200 * GiB, 200 * GiB, 200 * GiB]);
    assert.deepEqual(ground.sizes("u-prepared"), [200 * GiB, 200 * GiB, 200 * GiB]);
  });

  it("keep what they have when its line is taken out, which is said", async function () {
    this.timeout(240_000);
    const { "talos-3": _, ...without } = config();
    const { exitCode, printed: text } = await ground.up(without);
    assert.equal(exitCode, 0, text);
    for (const [node, name] of [
      ["talos-1", "second"],
      ["talos-3", "prepared"],
      ["talos-3", "second"],
    ])
      assert.ok(text.includes(`the user volume ${name} stays on ${node} with its data`), text);
    assert.deepEqual(ground.fake.changes(), []);
    assert.deepEqual(ground.sizes("u-second"), [200 * GiB, 200 * GiB, 200 * GiB]);
    const again = await ground.up(without);
    assert.ok(!again.printed.includes("stays on"), again.printed);
  });

  it("keep everything when the stack goes", async function () {
    this.timeout(240_000);
    const { exitCode, printed: text } = await ground.stack.run({}, "destroy", "--yes", "--skip-preview");
    ground.printed.push(text);
    assert.equal(exitCode, 0, text);
    assert.equal(await ground.theClass(), undefined);
    assert.deepEqual(ground.fake.changes(), []);
    assert.deepEqual(ground.sizes("u-prepared"), [200 * GiB, 200 * GiB, 200 * GiB]);
    assert.deepEqual(ground.sizes("u-second"), [200 * GiB, 200 * GiB, 200 * GiB]);
  });

  it("show the talosconfig nowhere", async () => {
    assert.ok(ground.states.length > 5);
    assert.deepEqual(shownIn([ground.printed, ground.calls, ground.states], [ground.secret]), []);
    assert.ok(ground.calls.length > 100 && ground.calls.every(({ argv }) => argv.includes("--talosconfig")));
  });
});
