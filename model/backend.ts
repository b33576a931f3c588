import type { ZodType } from "zod";
import type { Installer } from "./installer";
import type { ServiceSpec } from "./service-spec";
import type { AccessMode, BackendPlan, Capabilities, VolumePlan } from "./storage";
import type { Fault, StoragePlan } from "./plan";
import type { PreflightFacts, Questions } from "./preflight-facts";

/** A class of a backend. Its name is "" where the backend's claims have none. */
export interface BackendClass {
  name: string;
  isDefault: boolean;
  /** Its volumes are directories that go with the pod: there are no claims. */
  ephemeral?: boolean;
  /** Where they differ from the backend's. */
  accessModes?: AccessMode[];
  capabilities?: Capabilities;
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
  /** Where its volume shall be made; the scheduler's choice where absent. */
  node?: string;
}

/** How a backend wants a claim to be made, and what is wrong or unwise about it. */
export interface ClaimDecision {
  settings?: Pick<VolumePlan, "volumeName">;
  /** Refuses it: `field` of the claim's config, `backend` unless told. */
  refusal?: { field?: string; message: string };
  warning?: string;
}

/** One thing that preflight finds out about a backend, from facts alone. */
export interface Check<Config = unknown> {
  /** Names it in messages, and where it is to be skipped; begins with the backend's type. */
  id: string;
  /** Title of the lines that it stands among. */
  group: string;
  /** What has to be found out for it beyond what every check has. */
  asks?(config: Config): Questions;
  run(context: CheckContext<Config>): CheckResult[];
}

/** A check that has nothing to do with any one backend. */
export interface GeneralCheck {
  id: string;
  group: string;
  run(context: { facts: PreflightFacts; plan: StoragePlan }): CheckResult[];
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
 * One way to provide volumes, in one file of this folder. `Config` is its entry in the stack config, checked by
 * `schema`.
 */
export interface Backend<Config = unknown> {
  type: string;
  schema: ZodType<Config>;
  capabilities(config: Config): Capabilities;
  accessModes(config: Config): AccessMode[];
  /** Why any other mode is refused: ends the sentence "…, because". */
  accessModeReason: string;
  classes(name: string, config: Config): BackendClass[];
  /** The namespace that it makes, which no service may have. */
  namespace?(name: string): string;
  /** What its schema can't see; paths are relative to the entry. */
  check(name: string, config: Config): Fault[];
  /** Says how a claim on it is made; a claim of the class alone where absent. */
  claim?(request: ClaimRequest, config: Config): ClaimDecision;
  /** What it brings; `volumes` are those that go there. */
  plan(name: string, config: Config, volumes: VolumePlan[]): BackendPlan;
  /** Whether it installs what a cluster can have only once. */
  once?(config: Config): boolean;
  /**
   * The component that takes the plan's `install`; loaded by this call, so that a backend that no stack uses costs
   * nothing.
   */
  install?(): Installer;
  /** What its nodes and the cluster need to have, for preflight. */
  checks?: Check<Config>[];
  /** What is asked of every cluster, though the stack may not use it. */
  clusterChecks?: GeneralCheck[];
}
