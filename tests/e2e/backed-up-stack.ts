import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { PatchStrategy } from "@kubernetes/client-node";
import { parse, stringify } from "yaml";
import {
  backedUpAnnotation,
  backupFailedAnnotation,
  drilledAnnotation,
  drillFailedAnnotation,
} from "../../model/backup";
import { encryptionSalt, overrideConfig } from "../../ops/pulumi/overrides";
import { readStackConfig } from "../../ops/pulumi/project";
import { address, BackupTarget, login, password, pruneAddress } from "./backup-target";
import type { Cluster } from "./fixture";
import { OwnStackFile } from "./own-stack-file";
import { commandsOf } from "./page";
import { removeStack } from "./state";

export const inCluster = { rest: { url: address, user: login.user, prune: { url: pruneAddress } } };

type Services = Record<string, { size?: string; fresh?: string }>;

interface Whole {
  encryptionsalt?: string;
  config: {
    "cluster-storage:services": Services;
    "cluster-storage:backups"?: { repository: Record<string, object> };
  };
}

const own: Services = { redis: { size: "1Gi" }, postgres: { size: "1Gi" } };

/** A small stack with its stack file and, where they go to a server in the cluster, the server of its backups. */
export class BackedUpStack {
  target: BackupTarget | undefined;
  private image = "";
  private repository: object | undefined;

  private constructor(
    private readonly cluster: Cluster,
    readonly file: OwnStackFile,
  ) {}

  /** On a cleared cluster, without backups yet. */
  static async begin(cluster: Cluster, more: Services): Promise<BackedUpStack> {
    await removeStack(cluster);
    const whole = parse(await readStackConfig("dev")) as Whole;
    whole.config["cluster-storage:services"] = { ...own, ...more };
    const made = new BackedUpStack(cluster, await OwnStackFile.write(stringify(whole)));
    await made.file.deploy();
    return made;
  }

  /** Backups from now on, to a repository that isn't there yet. */
  async setUp(repository: object): Promise<void> {
    await this.write(await this.read(), repository);
    const overrides = await this.file.deploy();
    this.image = (overrides["cluster-storage:backups"] as { image: string }).image;
    await this.serve(repository);
  }

  /** A claim with a repository can't be left out of the stack file, nor be emptied. */
  get canGoOn(): boolean {
    return this.repository !== undefined && !("claim" in this.repository);
  }

  /** The same stack with an empty repository and with `more` services, its claims without a word of earlier points. */
  async renew(more: Services, repository: object): Promise<void> {
    const whole = await this.read();
    const services = whole.config["cluster-storage:services"];
    const added = Object.keys(more).filter((name) => !(name in services));
    for (const name of added) services[name] = { ...more[name], fresh: "ignore-points" };
    const changed = added.length > 0 || !isDeepStrictEqual(repository, this.repository);
    await this.write(whole, repository);
    await this.serve(repository);
    if (changed) await this.file.deploy();
    if (added.length > 0) await this.keepOnly(Object.keys(services));
    await this.takeNotesOff();
    this.file.ran.clear();
  }

  /** Leaves these services and its own in the stack file; none of them begins empty by it any more. */
  async keepOnly(names: readonly string[]): Promise<void> {
    const whole = await this.read();
    const kept = Object.entries(whole.config["cluster-storage:services"]).filter(
      ([name]) => name in own || names.includes(name),
    );
    whole.config["cluster-storage:services"] = Object.fromEntries(
      kept.map(([name, { fresh: _fresh, ...entry }]) => [name, entry]),
    );
    await this.file.write(stringify(whole));
  }

  async remove(): Promise<void> {
    await this.target?.remove();
    await this.file.remove();
    await removeStack(this.cluster);
  }

  private read = async () => parse(await this.file.read()) as Whole;

  /** The stack file with backups to `repository`, whose password is encrypted for the stack as it is now. */
  private async write({ encryptionsalt: _old, ...whole }: Whole, repository: object): Promise<void> {
    const { stack } = this.cluster.target;
    const salt = encryptionSalt(await readFile(stack.configFile!, "utf8"));
    const backups = { keep: { daily: "14d" }, repository };
    const config = { ...whole.config, "cluster-storage:backups": backups };
    await this.file.write(overrideConfig(stringify({ ...whole, config }), {}, salt));
    for (const [program, ...words] of commandsOf("docs/backups.md", "Set up"))
      if (program === "pulumi" && words[0] === "config") {
        const ofServer = words.at(-1)!.endsWith(".rest.password");
        if (!ofServer || "rest" in repository)
          await this.file.pulumi(stack, words, ofServer ? login.password : password);
      }
    this.repository = repository;
  }

  private async serve(repository: object): Promise<void> {
    if (!("rest" in repository)) return;
    if (this.target) return this.target.renew();
    const images = this.cluster.overrides["cluster-storage:services"] as Record<string, { image: { ref: string } }>;
    this.target = new BackupTarget(this.cluster, { rclone: images.taskflow!.image.ref, restic: this.image });
    await this.target.start();
  }

  private async takeNotesOff(): Promise<void> {
    const { core, objects } = this.cluster.kube;
    const notes = [backedUpAnnotation, backupFailedAnnotation, drilledAnnotation, drillFailedAnnotation];
    const annotations = Object.fromEntries(notes.map((name) => [name, null]));
    const { items } = await core.listPersistentVolumeClaimForAllNamespaces();
    for (const { metadata } of items.filter((claim) => notes.some((note) => claim.metadata?.annotations?.[note])))
      await objects.patch(
        {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { name: metadata!.name, namespace: metadata!.namespace, annotations },
        } as never,
        undefined,
        undefined,
        undefined,
        undefined,
        PatchStrategy.MergePatch,
      );
  }
}
