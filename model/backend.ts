import type * as pulumi from "@pulumi/pulumi";
import type { ZodType } from "zod";
import type { InstallPlan } from "./install-plan";
import type { InstallArgs } from "./installer";
import type { ServiceSpec } from "./service-spec";
import type { AccessMode, Capabilities, ClassPlan, UsedClass, VolumePlan } from "./storage";
import type { Fault, Owner, StoragePlan } from "./plan";
import type { PlannedPod } from "./planned-pod";
import type { PreflightFacts, Questions } from "./preflight-facts";

type MadeClass = Pick<ClassPlan, "provisioner" | "parameters" | "reclaimPolicy" | "mountOptions">;

/** What the stack config says once for all backends. */
export interface BackendDefaults {
  /** The one place from which every chart is fetched; absent: each backend's official repository. */
  mirror?: string;
  /** The directory in which the nodes' kubelets keep their files; absent: /var/lib/kubelet. */
  kubeletDirectory?: string;
}

/** How the stack makes a class. */
export interface ClassSettings extends MadeClass {
  /** Annotations of the class besides the one that makes it the default. */
  annotations?: Record<string, string>;
  /**
   * The names that this provisioner has in all clusters, for the policies; `*` stands for any part of a name. Default:
   * `provisioner`, with `*` for the backend's name.
   */
  provisionerPattern?: string;
}

/** A class of a backend. Its name is "" where the backend's claims have none. */
export interface BackendClass {
  name: string;
  isDefault: boolean;
  /** Its volumes are directories that are deleted with the pod, so there are no claims. Default: false. */
  ephemeral?: boolean;
  /** Default: those of the backend. */
  accessModes?: AccessMode[];
  /** Default: those of the backend. */
  capabilities?: Capabilities;
  /** The stack makes the StorageClass, in this way. */
  make?: ClassSettings;
  /** The StorageClass is in the cluster already and is only used. */
  use?: Pick<UsedClass, "patch" | "capabilities">;
}

/** A claim that would go to a backend. */
export interface ClaimRequest {
  name: string;
  /** The backend's name in the stack config. */
  backend: string;
  service: ServiceSpec;
  namespace: string;
  class: string;
  size: string;
  accessMode: AccessMode;
  /** The node on which its volume is to be made. Absent: the scheduler chooses. */
  node?: string;
}

/** How a backend wants a claim to be made, and what is wrong or unwise about it. */
export interface ClaimDecision {
  settings?: Pick<VolumePlan, "volumeName">;
  /**
   * Why the claim is refused. `field`: the wrong field of the claim's config. Default: `backend`, or `class` if set.
   */
  refusal?: { field?: string; message: string };
  warning?: string;
}

/** One thing that preflight finds out about a backend, from facts alone. */
export interface Check<Config = unknown> {
  /** Its name in messages and in `preflight.skip`. It begins with the backend's type. */
  id: string;
  /** Heading of its results. */
  group: string;
  /** Which facts it needs besides those that preflight always gathers. */
  asks?(config: Config): Questions;
  run(context: CheckContext<Config>): CheckResult[];
}

/** A check that has nothing to do with any one backend. */
export interface GeneralCheck {
  id: string;
  group: string;
  /** API groups whose objects it has to know of. */
  groups?: string[];
  run(context: { facts: PreflightFacts; plan: StoragePlan; pods: readonly PlannedPod[] }): CheckResult[];
}

/** A backend of the stack, and what its checks go by. */
export interface CheckContext<Config> {
  name: string;
  config: Config;
  facts: PreflightFacts;
  plan: StoragePlan;
  /** The stack's backends of its type, itself included, by name. */
  alike: ReadonlyMap<string, Config>;
}

export interface CheckResult {
  id: string;
  level: "ok" | "warning" | "error" | "skipped";
  title: string;
  /** What to do about it: commands or the config that would be right. */
  wayOut?: string;
}

/**
 * One way to provide volumes: what the `backend.ts` of a folder in `backends/` exports. `Config` is its entry in
 * the stack config, checked by `schema`; `Install` is what `create` is
 * given. docs/adding-a-backend.md explains each member.
 */
export interface Backend<Config = unknown, Install extends InstallPlan = InstallPlan> {
  /** Names it in the stack config and in messages; the folder has the same name. */
  type: string;
  /** Its entry in the stack config. */
  schema: ZodType<Config>;
  /** What volumes can do. */
  capabilities(config: Config): Capabilities;
  /** How volumes can be mounted. */
  accessModes(config: Config): AccessMode[];
  /** Why every other access mode is refused. It ends the sentence "ReadWriteMany is not possible on …, because". */
  accessModeReason: string;
  /**
   * Its classes. This is the only place that states them: the plan and the policies are made from it. It is called
   * before `check`, so it must not throw on a config in which `check` will find a fault.
   */
  classes(name: string, config: Config): BackendClass[];
  /** The namespace of what it installs. No service may use that namespace. Absent: it has none. */
  namespace?(name: string): string;
  /** Faults of an entry that the schema can't find. Paths are relative to the entry. */
  check(name: string, config: Config): Fault[];
  /** Says how a claim on it is made. Absent: the claim names the class, and nothing else. */
  claim?(request: ClaimRequest, config: Config): ClaimDecision;
  /**
   * What it installs, given the volumes that go there and what the config says for all backends. Absent or undefined:
   * nothing.
   */
  installs?(name: string, config: Config, volumes: VolumePlan[], defaults: BackendDefaults): Install | undefined;
  /**
   * Its entry with every image of its pods at the mirror; `key`: the key of the entry that can name the image. Absent:
   * it names no image.
   */
  mirrored?(config: Config, at: (image: string, key: string) => string): Config;
  /**
   * Its volumes need no pod of a driver on their node, so that a node with a taint has volumes for the services that
   * tolerate it. Default: false.
   */
  withoutDriver?: true;
  /** The pods that its installation and its volumes need, where the program knows them. Default: none. */
  pods?(name: string, install: Install, owner: Owner): PlannedPod[];
  /** Whether it installs what a cluster can have only once. Default: false. */
  once?(config: Config): boolean;
  /**
   * Creates what `installs` decided. Only this call loads the component, so that a backend that the stack doesn't use
   * costs nothing.
   */
  create?(name: string, args: InstallArgs<Install>, opts: pulumi.ComponentResourceOptions): pulumi.Resource;
  /** What its nodes and the cluster need to have, for preflight. */
  checks?: Check<Config>[];
  /** What preflight asks of every cluster, even where the stack doesn't use this backend. */
  clusterChecks?: GeneralCheck[];
}
