import { execa } from "execa";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ensureImages } from "../../local-cluster/images/images";
import { slotAddresses } from "../../local-cluster/instance/addresses";
import { components } from "../../local-cluster/instance/components";
import {
  canPull,
  deleteInstance,
  importImages,
  instanceStatus,
  restartComponent,
  runningInstance,
  startInstance,
  stopInstance,
  type InstanceInfo,
} from "../../local-cluster/instance/instance";
import { findInits } from "../../local-cluster/instance/namespaces";
import { end, signal } from "../../local-cluster/instance/processes";
import { readRecord, writeRecord } from "../../local-cluster/instance/record";
import { findComponent } from "../../local-cluster/instance/supervise";
import { instanceDir } from "../../local-cluster/paths";
import { silentProgress } from "../../local-cluster/progress";
import { ensureTools, type Tools } from "../../local-cluster/tools";
import { startFakeRegistry } from "./fake-registry";
import { machineSnapshot, type Snapshot } from "./machine-snapshot";
import { catalogue } from "../../services/catalogue";
import { localImagesOf } from "../../services/shared/local-image";

const name = process.env.TEST_INSTANCE ?? "test";
const second = `${name}-2`;
const KILLS = 6;

/** Says on its volume when it starts and, three seconds after its SIGTERM, that it ended well. */
const SCRIPT =
  'trap "sleep 3; echo ended >>/data/log; exit 0" TERM; echo started >>/data/log; while :; do sleep 1; done';

describe("a local Kubernetes instance", function () {
  this.timeout(300_000);
  let tools: Tools;
  let archives: string[];
  let helper: string;
  let info: InstanceInfo;
  let untouched: Snapshot;

  const start = (which = name, with_: Partial<Tools> = {}) =>
    startInstance(which, { tools: { ...tools, ...with_ }, progress: silentProgress, durable: false });
  const kubectl = async (args: string[], input?: string, which = info) =>
    (await execa(join(tools.bin, "kubectl"), ["--kubeconfig", which.kubeconfig, ...args], { input, all: true })).stdout;
  const numbers = () => {
    const running = runningInstance(name);
    const all = components(running.layout, { tools: tools.bin, durable: false });
    return Object.fromEntries(all.map((component) => [component.name, findComponent(running, component)?.pid]));
  };
  const podReady = () => kubectl(["wait", "--for=condition=Ready", "pod/writer", "--timeout=60s"]);
  const volumeLog = () =>
    readFileSync(join(info.volumes, "writer", "log"), "utf8")
      .trim()
      .split("\n");

  before(async function () {
    this.timeout(1_800_000);
    tools = await ensureTools(silentProgress);
    ({ archives, helper } = await ensureImages(localImagesOf(catalogue), tools, silentProgress));
    for (const one of [name, second]) await deleteInstance(one);
    untouched = await machineSnapshot(name);
  });
  after(async () => {
    for (const one of [name, second]) await deleteInstance(one);
  });

  const writer = () =>
    JSON.stringify({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "writer", labels: { app: "writer" } },
      spec: {
        terminationGracePeriodSeconds: 10,
        containers: [
          {
            name: "writer",
            image: helper,
            command: ["sh", "-c", SCRIPT],
            volumeMounts: [{ name: "data", mountPath: "/data" }],
          },
        ],
        volumes: [{ name: "data", hostPath: { path: join(info.volumes, "writer"), type: "DirectoryOrCreate" } }],
      },
    });

  it("does not start where the disk is too small, and leaves nothing", async () => {
    const state = await mkdtemp(join(tmpdir(), "state-"));
    const was = process.env.CLUSTER_STORAGE_STATE;
    await execa("mount", ["-t", "tmpfs", "-o", "size=1G", "small", state]);
    process.env.CLUSTER_STORAGE_STATE = state;
    try {
      const message =
        `The local cluster needs 3 GiB free at ${instanceDir(name)}; there are 1.0. Nothing was ` +
        "started. " +
        "CLUSTER_STORAGE_STATE names another place.";
      await assert.rejects(start(), { name: "UserError", message });
      assert.equal((await instanceStatus(name)).state, "absent");
    } finally {
      if (was === undefined) delete process.env.CLUSTER_STORAGE_STATE;
      else process.env.CLUSTER_STORAGE_STATE = was;
      await execa("umount", [state]);
      await rm(state, { recursive: true });
    }
    assert.deepEqual(await machineSnapshot(name), untouched);
  });

  it("starts from nothing, with its node Ready and nobody else's kubeconfig touched", async () => {
    assert.deepEqual((await instanceStatus(name)).state, "absent");
    info = await start();
    assert.equal(info.dir, instanceDir(name));
    assert.equal(info.context, `cluster-storage-${name}`);
    assert.equal(await kubectl(["config", "get-contexts", "-o", "name"]), info.context);
    assert.equal(
      await kubectl(["get", "node", info.node, "-o", "jsonpath={.status.conditions[?(@.type=='Ready')].status}"]),
      "True",
    );
    assert.deepEqual(await instanceStatus(name), {
      state: "running",
      dir: info.dir,
      owner: process.cwd(),
      foreign: false,
      kubeconfig: info.kubeconfig,
      server: info.server,
      trouble: [],
    });
  });

  it("shows nothing of itself outside but its processes, control groups and one interface", async () => {
    const { links, groups, processes, ...rest } = await machineSnapshot(name);
    const { links: _links, groups: _groups, processes: _processes, ...was } = untouched;
    assert.deepEqual(rest, was);
    assert.equal(links!.length, untouched.links!.length + 1);
    assert.ok(
      links!.includes(`${slotAddresses(readRecord(name)!.slot).interface} ${info.dir} BROADCAST MULTICAST UP LOWER_UP`),
      links!.join(),
    );
    assert.ok(groups!.length > 0 && processes!.length > 0);
  });

  it("runs a pod of an imported image, and imports it once", async () => {
    await importImages(name, archives);
    const noted = readFileSync(join(info.dir, "imported.json"), "utf8");
    const begun = Date.now();
    await importImages(name, archives);
    assert.ok(Date.now() - begun < 1000, "a second import finds everything there");
    assert.equal(readFileSync(join(info.dir, "imported.json"), "utf8"), noted);
    await waitForAccount(kubectl);
    await kubectl(["apply", "-f", "-"], writer());
    await podReady();
    assert.deepEqual(volumeLog(), ["started"]);
  });

  it("resolves services by name in pods, and says at once that other names don't exist", async () => {
    const lookUp = async (host: string) =>
      (
        await execa(
          join(tools.bin, "kubectl"),
          ["--kubeconfig", info.kubeconfig, "exec", "writer", "--", "busybox", "nslookup", host],
          { reject: false },
        )
      ).stdout;
    assert.match(await lookUp("kubernetes.default.svc.cluster.local"), /Address: 10\.96\.0\.1\b/);
    const begun = Date.now();
    assert.match(await lookUp("example.com"), /NXDOMAIN/);
    assert.ok(Date.now() - begun < 3000);
  });

  it("enforces Pod Security where a namespace asks for it", async () => {
    await kubectl(["create", "namespace", "strict"]);
    await kubectl(["label", "namespace", "strict", "pod-security.kubernetes.io/enforce=restricted"]);
    await assert.rejects(
      kubectl(["--namespace", "strict", "apply", "-f", "-"], writer()),
      /violates PodSecurity "restricted:latest"/,
    );
  });

  it("does nothing in under a second where it runs well", async () => {
    const was = numbers();
    const times: number[] = [];
    for (let attempt = 0; attempt < 5; attempt++) {
      const begun = Date.now();
      assert.deepEqual(await start(), info);
      times.push(Date.now() - begun);
    }
    assert.ok(Math.min(...times) < 1000, `took ${times.join(", ")} ms`);
    assert.deepEqual(numbers(), was);
  });

  it("answers whether a catalogue image can be pulled, and leaves no probe behind", async () => {
    assert.equal(typeof (await canPull(info)), "boolean");
    assert.equal(await kubectl(["get", "pods", "-o", "name"]), "pod/writer");
  });

  it("pulls a catalogue image through the machine, where there is a registry", async () => {
    const directory = await mkdtemp(join(tmpdir(), "registry-"));
    const registry = await startFakeRegistry(directory);
    const was = { HTTPS_PROXY: process.env.HTTPS_PROXY, SSL_CERT_FILE: process.env.SSL_CERT_FILE };
    const renew = async () => {
      await start();
      for (const component of ["egress", "containerd"] as const) await restartComponent(name, component);
    };
    try {
      Object.assign(process.env, { HTTPS_PROXY: registry.proxy, SSL_CERT_FILE: registry.authority });
      await renew();
      assert.equal(await canPull(info), true);
      assert.deepEqual([...new Set(registry.asked)], ["library/busybox:1.37.0"]);
    } finally {
      for (const [variable, value] of Object.entries(was)) {
        if (value === undefined) delete process.env[variable];
        else process.env[variable] = value;
      }
      registry.close();
      await renew();
      await rm(directory, { recursive: true });
    }
    assert.equal(await kubectl(["get", "pods", "-o", "name"]), "pod/writer");
  });

  for (const component of ["kubelet", "containerd", "etcd"] as const) {
    it(`keeps pods running over a restart of ${component}`, async () => {
      const was = numbers();
      await restartComponent(name, component);
      await start();
      assert.deepEqual({ ...numbers(), [component]: 0 }, { ...was, [component]: 0 });
      assert.notEqual(numbers()[component], was[component]);
      await podReady();
      assert.deepEqual(volumeLog(), ["started"]);
    });
  }

  it("starts a component again that was killed, and only that", async () => {
    const was = numbers();
    for (const component of ["kube-scheduler", "coredns"]) process.kill(was[component]!, "SIGKILL");
    await delay(100);
    assert.deepEqual((await instanceStatus(name)).trouble, ["kube-scheduler is not running", "coredns is not running"]);
    await start();
    const now = numbers();
    assert.deepEqual({ ...now, "kube-scheduler": 0, coredns: 0 }, { ...was, "kube-scheduler": 0, coredns: 0 });
    assert.ok(now["kube-scheduler"] && now.coredns);
  });

  it("says which component died at its start, why, and where its log is; the next start mends it", async () => {
    const bin = await mkdtemp(join(tmpdir(), "tools-"));
    for (const entry of await readdir(tools.bin)) symlinkSync(join(tools.bin, entry), join(bin, entry));
    rmSync(join(bin, "kube-scheduler"));
    writeFileSync(
      join(bin, "kube-scheduler"),
      "#!/bin/sh\necho 'I1 fine so far'\necho 'error: out of luck'\necho 'I1 good bye'\n",
      { mode: 0o755 },
    );
    const log = join(info.dir, "logs", "kube-scheduler.log");
    await assert.rejects(start(name, { bin }), {
      name: "UserError",
      message:
        `kube-scheduler of the local cluster "${name}" ended right after its start: error: out of luck\nIts ` +
        `log: ${log}`,
    });
    await start();
    assert.equal((await instanceStatus(name)).state, "running");
    await podReady();
    await rm(bin, { recursive: true });
  });

  it("is refused to another checkout while it runs, and nothing changes", async () => {
    const other = await mkdtemp(join(tmpdir(), "checkout-"));
    writeFileSync(join(other, "package.json"), "{}");
    const own = readRecord(name)!;
    const foreign = { ...own, owner: other };
    writeRecord(foreign);
    const was = numbers();
    const message =
      `The local cluster "${name}" is in use by the checkout ${other}. Nothing was changed. Its ` +
      "tests are " +
      `running (process ${process.pid}); wait for their end`;
    for (const attempt of [() => start(), () => stopInstance(name), () => deleteInstance(name)])
      await assert.rejects(attempt, { name: "UserError", message });
    assert.deepEqual(readRecord(name), foreign);
    assert.deepEqual(numbers(), was);
    await rm(other, { recursive: true });
    await start();
    assert.equal(readRecord(name)!.owner, own.owner);
  });

  it("stops: pods get their time, the machine is as before, the data stays", async () => {
    await stopInstance(name);
    assert.deepEqual(volumeLog(), ["started", "ended"]);
    assert.deepEqual(await machineSnapshot(name), untouched);
    assert.equal((await instanceStatus(name)).state, "stopped");
    await stopInstance(name);
    assert.equal((await instanceStatus(name)).state, "stopped");
  });

  it("starts again as the same cluster, its pods on the same volumes", async () => {
    assert.deepEqual(await start(), info);
    await podReady();
    assert.deepEqual(volumeLog(), ["started", "ended", "started"]);
    assert.match(await kubectl(["get", "namespace", "strict", "-o", "name"]), /^namespace\/strict$/);
  });

  it("moves to other addresses when something took its own meanwhile", async () => {
    await stopInstance(name);
    const { slot } = readRecord(name)!;
    await execa("ip", ["link", "add", "taken0", "type", "veth", "peer", "name", "taken1"]);
    try {
      await execa("ip", ["address", "add", `${slotAddresses(slot).host}/32`, "dev", "taken0"]);
      info = await start();
      assert.notEqual(readRecord(name)!.slot, slot);
      assert.equal(info.server, `https://${slotAddresses(readRecord(name)!.slot).node}:6443`);
      await podReady();
    } finally {
      await execa("ip", ["link", "delete", "taken0"]);
    }
  });

  it("comes back after its process 1 was killed, with all that ran below it", async () => {
    for (const init of findInits(info.dir)) signal(init, "SIGKILL");
    await delay(1000);
    assert.equal((await instanceStatus(name)).state, "broken");
    assert.deepEqual(await start(), info);
    await podReady();
  });

  for (let round = 1; round <= KILLS; round++) {
    it(`heals a start that was killed -9 at a random moment (${round} of ${KILLS})`, async () => {
      if (round % 2 === 1) await stopInstance(name);
      else await end(findInits(info.dir)[0]!, 0);
      const child = spawn(
        process.execPath,
        ["--require", "ts-node/register/transpile-only", join(__dirname, "start-instance.ts"), name],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      await once(child.stdout, "data");
      const moment = Math.round(Math.random() * 5000);
      await Promise.race([delay(moment), once(child, "exit")]);
      child.kill("SIGKILL");
      assert.deepEqual(await start(), info, `killed after ${moment} ms`);
      assert.equal(findInits(info.dir).length, 1, `killed after ${moment} ms`);
      await podReady();
      assert.equal((await instanceStatus(name)).state, "running");
    });
  }

  it("starts once when asked twice at the same time", async () => {
    await stopInstance(name);
    const [one, other] = await Promise.all([start(), start()]);
    assert.deepEqual(one, other);
    assert.equal(findInits(info.dir).length, 1);
  });

  it("runs beside another instance, and neither sees the other", async () => {
    const neighbour = await start(second);
    assert.notEqual(neighbour.server, info.server);
    assert.equal(await kubectl(["get", "pods", "-o", "name"], undefined, neighbour), "");
    await kubectl(["create", "namespace", "here"], undefined, neighbour);
    const was = numbers();
    await deleteInstance(second);
    assert.equal(existsSync(neighbour.dir), false);
    assert.equal((await instanceStatus(second)).state, "absent");
    assert.deepEqual(numbers(), was);
    await podReady();
    assert.doesNotMatch(await kubectl(["get", "namespaces", "-o", "name"]), /here/);
  });

  it("deletes everything, and a deletion that was killed on its way is finished by the next start", async () => {
    await deleteInstance(name);
    assert.equal(existsSync(info.dir), false);
    mkdirSync(`${info.dir}.deleting/volumes`, { recursive: true });
    await start();
    assert.equal(existsSync(`${info.dir}.deleting`), false);
    assert.equal(await kubectl(["get", "pods", "-o", "name"]), "");
    await deleteInstance(name);
    assert.deepEqual(await machineSnapshot(name), untouched);
  });
});

/** Pods need the namespace's service account, which comes a moment after the API server. */
async function waitForAccount(kubectl: (args: string[]) => Promise<string>): Promise<void> {
  await kubectl(["wait", "--for=create", "serviceaccount/default", "--timeout=30s"]);
}
