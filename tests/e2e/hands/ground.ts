import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { instanceDir } from "../../../local-cluster/paths";
import { silentProgress } from "../../../local-cluster/progress";
import { ensureTools } from "../../../local-cluster/tools";
import { execInPod } from "../../../kube/exec";
import { listVolumes, lookUpClaim, lookUpVolume } from "../../../kube/look-up";
import { waitForReadyPod } from "../../../kube/pods";
import { selector } from "../../../model/metadata";
import type { Ended } from "../cli";
import { instance, type Cluster } from "../fixture";
import { insideInstance, mountDisk } from "../inside";
import { ownCheckout, run, type TwoStacks } from "../two-stacks";
import { stackFile, stackName } from "./stack-file";
import { stores, type Store } from "./stores";

/** How long one of our commands may take: what it can't do it has to say before that. */
const patience = 240;

/** A stack of a person's own on a small disk of its own, on the tests' cluster. */
export class Ground {
  /** What each service has acknowledged and not lost by a hand. */
  readonly acknowledged = new Map<string, string[]>(stores.map(({ name }) => [name, []]));
  private next = 1;

  private constructor(
    readonly cluster: Cluster,
    private readonly checkout: TwoStacks,
    private readonly bin: string,
    private readonly disk: string,
  ) {}

  static async make(cluster: Cluster): Promise<Ground> {
    const { bin } = await ensureTools(silentProgress);
    const disk = join(cluster.volumes, "hands");
    await mountDisk(disk, "600m");
    const checkout = await ownCheckout(cluster);
    await writeFile(join(checkout.directory, `Pulumi.${stackName}.yaml`), stackFile(cluster, disk));
    await run(checkout, "pulumi", "stack", "init", stackName, "--non-interactive");
    const ground = new Ground(cluster, checkout, bin, disk);
    const { exitCode, printed } = await ground.up();
    assert.equal(exitCode, 0, printed);
    return ground;
  }

  async remove(): Promise<void> {
    await this.freeDisk();
    await rm(join(this.checkout.directory, ".."), { recursive: true });
  }

  /** As a person's own, on these tests' cluster. */
  async kubectl(args: string[]): Promise<string> {
    const kubeconfig = join(instanceDir(instance), "kubeconfig");
    return (await execa(join(this.bin, "kubectl"), ["--kubeconfig", kubeconfig, ...args])).stdout;
  }

  pulumi(...args: string[]): Promise<Ended> {
    return this.run("pulumi", [...args, "--stack", stackName, "--non-interactive", "--color", "never"]);
  }

  up(): Promise<Ended> {
    return this.pulumi("up", "--yes", "--skip-preview", "--suppress-outputs", "--suppress-progress");
  }

  /** `npm run NAME -- … --stack hands`. */
  ops(...args: string[]): Promise<Ended> {
    return this.run("node", ["ops/run.mjs", ...args, "--stack", stackName]);
  }

  selector(store: Store): string {
    return Object.entries(selector(store.name))
      .map(([key, value]) => `${key}=${value}`)
      .join(",");
  }

  /** The claim that the stack file names for the service now. */
  async claimOf(store: Store): Promise<{ claim: string; generation: number }> {
    const text = await readFile(join(this.checkout.directory, `Pulumi.${stackName}.yaml`), "utf8");
    const { config } = parse(text) as { config: { "cluster-storage:services": Record<string, Lines> } };
    const generation = config["cluster-storage:services"][store.name]?.generation ?? 1;
    return { claim: store.claim(generation), generation };
  }

  async volumeOf(store: Store): Promise<string> {
    const { claim } = await this.claimOf(store);
    const found = await lookUpClaim(this.cluster.kube, store.ref.namespace, claim);
    assert.ok(found?.volume, `${claim} has no volume`);
    return found.volume;
  }

  async setPolicy(store: Store, policy: "Retain" | "Delete"): Promise<void> {
    const patch = JSON.stringify({ spec: { persistentVolumeReclaimPolicy: policy } });
    await this.kubectl(["patch", "pv", await this.volumeOf(store), "--type=merge", "-p", patch]);
  }

  /** Writes one more record through the service; it is acknowledged when this returns. */
  async write(store: Store): Promise<void> {
    const record = `record-${store.name}-${this.next++}-${Date.now().toString(36)}`;
    await this.inPod(store, `${store.prepare} && ${store.write(record)}`);
    this.acknowledged.get(store.name)!.push(record);
  }

  /** What the service has acknowledged was taken by a hand, so it is no longer asked for. */
  giveUp(store: Store): void {
    this.acknowledged.set(store.name, []);
  }

  /** Acknowledged records that the service no longer has. */
  async missing(store: Store): Promise<string[]> {
    const stored = new Set((await this.inPod(store, `${store.prepare} && ${store.read}`)).split("\n"));
    return this.acknowledged.get(store.name)!.filter((record) => !stored.has(record));
  }

  /** Names of the volumes whose directory has the service's newest record. */
  async onDisk(store: Store): Promise<string[]> {
    const newest = this.acknowledged.get(store.name)!.at(-1);
    if (newest === undefined) return [];
    const { stdout } = await execa("grep", ["-rlF", newest, insideInstance(this.cluster.volumes)], { reject: false });
    const volumes = stdout
      .split("\n")
      .map((file) => /\/(pvc-[0-9a-f-]{36})_/.exec(file)?.[1])
      .filter((name) => name !== undefined);
    return [...new Set(volumes)];
  }

  /** Why the service's data isn't where the stack file says; undefined where it is. */
  async away(store: Store): Promise<string | undefined> {
    const { kube } = this.cluster;
    const { claim } = await this.claimOf(store);
    const found = await lookUpClaim(kube, store.ref.namespace, claim);
    if (!found) return `there is no claim ${claim}`;
    if (found.deleting) return `claim ${claim} is being deleted`;
    const volume = found.volume === undefined ? undefined : await lookUpVolume(kube, found.volume);
    if (found.phase !== "Bound" || !volume) return `claim ${claim} is ${found.phase}`;
    if (volume.deleting) return `volume ${volume.name} is being deleted`;
    if (this.acknowledged.get(store.name)!.length === 0) return undefined;
    return (await this.onDisk(store)).includes(volume.name) ? undefined : `volume ${volume.name} has not the data`;
  }

  /** Whether the claim is gone and the provisioner is about to delete its volume. */
  async losesVolume(store: Store): Promise<boolean> {
    const { claim } = await this.claimOf(store);
    const volumes = await listVolumes(this.cluster.kube);
    return volumes.some(
      (volume) =>
        volume.claim === `${store.ref.namespace}/${claim}` &&
        volume.phase === "Released" &&
        volume.reclaimPolicy === "Delete",
    );
  }

  async fillDisk(): Promise<void> {
    const ballast = insideInstance(join(this.disk, "ballast"));
    await execa("dd", ["if=/dev/zero", `of=${ballast}`, "bs=1M", "status=none"], { reject: false });
  }

  async freeDisk(): Promise<void> {
    await rm(insideInstance(join(this.disk, "ballast")), { force: true });
  }

  private async run(program: string, args: string[]): Promise<Ended> {
    const { directory: cwd, env } = this.checkout;
    const options = {
      cwd,
      env,
      extendEnv: false,
      all: true,
      reject: false,
      input: "",
      timeout: patience * 1000,
    } as const;
    const { exitCode, all, timedOut } = await execa(program, args, options);
    return { exitCode, printed: timedOut ? `${all}\nnot ended after ${patience} s` : all };
  }

  private async inPod(store: Store, script: string): Promise<string> {
    const { kube } = this.cluster;
    const pod = await waitForReadyPod(kube, store.ref, 180_000);
    const command = ["sh", "-c", script];
    const ended = await execInPod(kube, store.ref.namespace, pod.metadata!.name!, store.name, command);
    if (ended.exitCode !== 0) throw new Error(`${store.name}: ${script.slice(0, 80)}: ${ended.stderr}`);
    return ended.stdout.trim();
  }
}

interface Lines {
  generation?: number;
}
