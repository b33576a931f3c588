import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ifFound } from "../../kube/client";
import { waitForReadyPod } from "../../kube/pods";
import { checkout, readStackConfig } from "../../ops/pulumi/project";
import { readOutputs } from "../../ops/pulumi/stack";
import { runSteps } from "../../ops/verify/steps";
import { ops } from "./cli";
import { deployStack, instance, useDeployedStack } from "./fixture";
import { fingerprint, recordedObjects } from "./objects";
import { stateText, until } from "./state";

const namespace = "local-ai-system";
const first = { key: "move-first", value: "before-the-move" };
const second = { key: "move-second", value: "after-the-move" };

/** The stack's files are this test's own: it edits them. */
describe("move and release, as a person runs them", () => {
  const cluster = useDeployedStack();
  let stacks: string;
  let committed: string;
  const file = () => join(stacks, "Pulumi.dev.yaml");
  const own = () => ({ CLUSTER_STORAGE_INSTANCE: instance, CLUSTER_STORAGE_STACKS: stacks });
  const entry = async () => /^ +redis: .*$/m.exec(await readFile(file(), "utf8"))?.[0].trim();

  before("a second backend in a copy of the stack's file", async () => {
    stacks = await mkdtemp(join(tmpdir(), "stacks-"));
    committed = (await readStackConfig("dev")).replace(
      "cluster-storage:backends:\n",
      "cluster-storage:backends:\n    fast: { type: local-path, path: /opt/fast }\n",
    );
    await writeFile(file(), committed);
  });
  after("the stack as it was", async function () {
    this.timeout(300_000);
    await rm(stacks, { recursive: true });
    await deployStack(cluster());
  });

  const steps = async (part: "write" | "read", record: typeof first) => {
    const { redis } = (await readOutputs(cluster().target.stack)).services;
    return runSteps(
      cluster().kube,
      redis!,
      await waitForReadyPod(cluster().kube, redis!, 120_000),
      redis!.check[part],
      record,
    );
  };
  const claim = (name: string) => ifFound(cluster().kube.core.readNamespacedPersistentVolumeClaim({ namespace, name }));
  const directories = () =>
    existsSync(join(cluster().volumes, "fast")) ? readdirSync(join(cluster().volumes, "fast")) : [];

  it("without a yes, nothing is written and nothing is done", async () => {
    const before = await fingerprint(cluster().kube);
    const { exitCode, printed, stderr } = await ops(["move", "redis", "--to", "fast"], own());
    assert.equal(exitCode, 1, printed);
    assert.match(
      printed,
      new RegExp(
        String.raw`^ {2}\+ {5}redis: \{ size: 1Gi, class: fast, generation: 2, kept: \[ \{ generation: ` +
          String.raw`1, size: 1Gi, class: local-path \} \] \}$`,
        "m",
      ),
    );
    assert.match(printed, /^ \+ {2}kubernetes:core\/v1:PersistentVolumeClaim redis-data-2 create *$/m);
    assert.ok(
      stderr
        .trimEnd()
        .endsWith(`${file()} is as it was, and so is the cluster: there is no terminal to confirm on; pass --yes`),
      printed,
    );
    assert.equal(await readFile(file(), "utf8"), committed);
    assert.deepEqual(await fingerprint(cluster().kube), before);
  });

  it("takes the data to another backend, says how it goes, and keeps the old volume", async () => {
    await steps("write", first);
    const { exitCode, printed } = await ops(["move", "redis", "--to", "fast", "--yes"], own());
    assert.equal(exitCode, 0, printed);
    assert.match(printed, /\] copied and checked .* in \d+ files?, /);
    assert.match(printed, /\] redis is ready on redis-data-2$/m);
    assert.equal(
      await entry(),
      "redis: { size: 1Gi, class: fast, generation: 2, kept: [ { generation: 1, size: 1Gi, class: local-path } ] }",
    );
    assert.ok((await steps("read", first)).includes(first.value));
    assert.equal((await claim("redis-data-2"))?.spec?.storageClassName, "fast");
    assert.equal((await claim("redis-data"))?.status?.phase, "Bound");
    assert.deepEqual(
      directories().map((name) => name.replace(/^pvc-[0-9a-f-]+_/, "")),
      [`${namespace}_redis-data-2`],
    );

    const { stdout } = await ops(["status", "--json"], own());
    const rows = (JSON.parse(stdout) as Record<string, unknown>[]).filter(({ service }) => service === "redis");
    assert.deepEqual(
      rows.map(({ claim, generation, kept }) => [claim, generation, kept]),
      [
        ["redis-data-2", 2, false],
        ["redis-data", 1, true],
      ],
    );
  });

  it("returns to the old volume as it was, which has nothing of what was written since", async () => {
    await steps("write", second);
    const { exitCode, printed } = await ops(["move", "redis", "--back", "--as-it-was", "--yes"], own());
    assert.equal(exitCode, 0, printed);
    assert.match(
      printed,
      new RegExp(
        String.raw`^The service goes on with redis-data \(local-path, 1Gi\) as it was when the data left ` +
          String.raw`it\. What was written since stays on redis-data-2 \(fast, 1Gi\), which is kept\.$`,
        "m",
      ),
    );
    assert.equal(
      await entry(),
      "redis: { size: 1Gi, class: local-path, generation: 1, kept: [ { generation: 2, size: 1Gi, class: fast } ] }",
    );
    assert.ok((await steps("read", first)).includes(first.value));
    assert.ok(!(await steps("read", second)).includes(second.value));
    assert.equal((await claim("redis-data-2"))?.status?.phase, "Bound");
  });

  it("releases nothing whose data isn't known to be elsewhere, unless it is named", async () => {
    const { exitCode, printed, stderr } = await ops(["release", "redis", "--yes"], own());
    assert.equal(exitCode, 1);
    assert.match(printed, /^ {2}data {4}NOT known to be anywhere else: what only this volume holds will be lost$/m);
    assert.ok(
      stderr
        .trimEnd()
        .endsWith(
          "nothing was deleted: no record says that the data is elsewhere, so --yes needs --generation N as well",
        ),
      printed,
    );
    assert.equal((await claim("redis-data-2"))?.status?.phase, "Bound");
  });

  it("releases one volume with its data and nothing else; killed on the way, it finishes", async () => {
    const before = await fingerprint(cluster().kube);
    const gone = (await claim("redis-data-2"))!.spec!.volumeName!;
    const args = ["release", "redis", "--generation", "2", "--yes"];
    const killed = execa(
      process.execPath,
      ["--require", "./transpile.cjs", "ops/commands/release.ts", ...args.slice(1)],
      {
        cwd: checkout,
        env: own(),
        reject: false,
      },
    );
    await until(
      "the claim is on its way out",
      async () =>
        (await claim("redis-data-2"))?.metadata?.deletionTimestamp !== undefined ||
        (await claim("redis-data-2")) === undefined,
    );
    killed.kill("SIGKILL");
    await killed;

    const { exitCode, printed } = await ops(args, own());
    assert.equal(exitCode, 0, printed);
    assert.equal(await readFile(file(), "utf8"), committed);
    assert.deepEqual(directories(), []);
    assert.ok(!recordedObjects(await stateText(cluster())).includes(`PersistentVolumeClaim ${namespace}/redis-data-2`));
    const after = await fingerprint(cluster().kube);
    const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (name) => before[name] !== after[name] && !name.startsWith("Pod fast-storage/"),
    );
    assert.deepEqual(changed.sort(), [`PersistentVolume ${gone}`, `PersistentVolumeClaim ${namespace}/redis-data-2`]);
    assert.ok((await steps("read", first)).includes(first.value));

    const again = await ops(args, own());
    assert.equal(again.printed.trim(), "redis has no kept volume: there is nothing to release");
  });
});
