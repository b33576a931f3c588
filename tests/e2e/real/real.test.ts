import assert from "node:assert/strict";
import { execInPod } from "../../../kube/exec";
import { waitForReadyPod } from "../../../kube/pods";
import { ops, pulumiWith } from "../cli";
import { instance, useDeployedStack } from "../fixture";
import { moved, settings, type Lines } from "../moves/lines";
import { killPod, refOf } from "../kill-pod";
import { inside } from "./client";
import { interfaces } from "./interfaces";
import { InterfaceWriter } from "./writer";

/** What no registry in the reach of a machine without image registries has as a program. */
const standIns = ["qdrant"];

type Made = Record<string, { image: { standIn: boolean } }>;

const complaint = /deprecat|insecure|not permitted|EROFS|EACCES/i;
/**
 * The head of n8n's list of what is deprecated, task runners in its own pod, what its PostgreSQL client does, and what
 * Node says below that.
 */
const known = [
  /There (is a|are) deprecations? related/,
  /- N8N_RUNNERS_MODE ->/,
  /client\.query\(\) when the client is already/,
  /\(Use `node --trace-deprecation/,
];

const first: Lines = { current: { generation: 1, backend: "local-path", size: "1Gi" }, kept: [] };
const second = settings(moved(first, "to a larger volume"));

describe("the services that take minutes to make, as the real programs", () => {
  const cluster = useDeployedStack();
  /** By service, what it has acknowledged. */
  const written = new Map<string, number[]>();
  const assertKept = async () => {
    for (const service of interfaces) {
      const has = new Set(await service.read(inside(cluster(), service)));
      const expected = written.get(service.name)!;
      assert.ok(expected.length >= 5, `${service.name}: ${expected.length}`);
      assert.deepEqual(
        expected.filter((number) => !has.has(number)),
        [],
        `${service.name} has lost some of ${expected.length}`,
      );
    }
  };
  const claimOf = async (name: string) => {
    const { spec } = await waitForReadyPod(cluster().kube, refOf(name), 400_000);
    return spec!.volumes!.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  };

  it("are in the stack, and at most Qdrant is not", () => {
    // Without overrides each service's own image can be pulled.
    const { "cluster-storage:services": made = {} } = cluster().overrides as { "cluster-storage:services"?: Made };
    const found = Object.entries(made).flatMap(([name, { image }]) => (image.standIn ? [name] : []));
    assert.deepEqual(
      found.filter((name) => !standIns.includes(name)),
      [],
    );
  });

  it("pass verify, and the table doesn't call them stand-ins", async () => {
    const environment = { CLUSTER_STORAGE_INSTANCE: instance };
    const verified = await ops(["verify", ...interfaces.map(({ name }) => name)], environment);
    assert.equal(verified.exitCode, 0, verified.printed);
    const { stdout } = await ops(["status"], environment);
    for (const { name } of interfaces) {
      const line = stdout.split("\n").find((text) => text.includes(name)) ?? assert.fail(stdout);
      assert.doesNotMatch(line, /stand-in/);
    }
  });

  it("keep what their own interfaces acknowledge while all their processes are killed", async function () {
    this.timeout(1_500_000);
    for (const service of interfaces) {
      await inside(cluster(), service).call("await patiently(account);");
      const writer = new InterfaceWriter(cluster(), service);
      await writer.start(10);
      await killPod(cluster(), service.name);
      await writer.acknowledgedMore(5);
      written.set(service.name, await writer.stop());
    }
    await assertKept();
  });

  it("keep it over a move to another volume", async function () {
    this.timeout(1_500_000);
    const change = { "cluster-storage:services": { n8n: second, flowise: second } };
    const { exitCode, printed } = await pulumiWith(cluster(), change, ["up", "--yes", "--skip-preview"]);
    assert.equal(exitCode, 0, printed);
    assert.deepEqual(await claimOf("n8n"), ["n8n-data-2"]);
    assert.deepEqual(await claimOf("flowise"), ["flowise-data-2"]);
    await assertKept();
  });

  it("keep it over another start, and say nothing then of what is deprecated or not permitted", async function () {
    this.timeout(1_500_000);
    for (const { name } of interfaces) {
      const ref = refOf(name);
      const { metadata } = await waitForReadyPod(cluster().kube, ref, 400_000);
      const at = { name: metadata!.name!, namespace: ref.namespace };
      await cluster().kube.core.deleteNamespacedPod(at);
      const next = await waitForReadyPod(cluster().kube, ref, 400_000, metadata!.uid);
      const log = await cluster().kube.core.readNamespacedPodLog({ ...at, name: next.metadata!.name! });
      assert.ok(log.length > 100, `${name} has logged: ${log}`);
      const told = log.split("\n").filter((line) => complaint.test(line) && !known.some((one) => one.test(line)));
      assert.deepEqual(told, [], name);
    }
    await assertKept();
  });

  it("hold n8n's key in its Secret and on its volume alike", async () => {
    const { kube } = cluster();
    const { metadata } = await waitForReadyPod(kube, refOf("n8n"), 400_000);
    const script = 'cat "$N8N_ENCRYPTION_KEY_FILE"; echo; cat /home/node/.n8n/config';
    const { stdout } = await execInPod(kube, refOf("n8n").namespace, metadata!.name!, "n8n", ["sh", "-c", script]);
    const [key = "", ...config] = stdout.split("\n");
    assert.equal((JSON.parse(config.join("\n")) as { encryptionKey: string }).encryptionKey, key.trim());
  });
});
