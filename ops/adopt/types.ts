import type { PodFacts, VolumeFacts } from "../../model/facts";
import type { Refusal, ServerFacts } from "../../model/service-spec";
import type { Look } from "./look";
import type { StateResource } from "../pulumi/state";

/**
 * A resource of the program that the state doesn't have, as a preview shows it: secrets hidden, unknown values marked.
 */
export type Planned = StateResource & { protect?: boolean };

/** An object of the cluster as its API has it. */
export interface LiveObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  // The other fields depend on the kind. Each function that reads them knows the fields of its kind.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [field: string]: any;
}

export interface Metadata {
  name: string;
  namespace?: string;
  uid?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  deletionTimestamp?: string | Date;
  ownerReferences?: { kind: string; name: string; controller?: boolean }[];
  resourceVersion?: string;
  managedFields?: ManagedFields[];
}

/** Who set which fields of an object. */
export interface ManagedFields {
  manager?: string;
  operation?: string;
  subresource?: string;
  apiVersion?: string;
  fieldsType?: string;
  fieldsV1?: object;
}

/** What the cluster has of the objects that the program wants. */
export interface Facts {
  /** By URN of the planned resource. */
  live: ReadonlyMap<string, LiveObject>;
  volumes: readonly VolumeFacts[];
  users: readonly PodFacts[];
  /** Workloads that the program doesn't have and that name its claims, with pods or without. */
  owners: readonly LiveObject[];
  /** What the servers that run now say of themselves, by `Kind namespace/name` of the workload. */
  servers: ReadonlyMap<string, ServerFacts>;
  /** What was seen on the volumes of planned claims, by the claim's URN; a claim that nobody looked at has none. */
  looks?: ReadonlyMap<string, Look>;
  /** ConfigMaps and Secrets that live workloads take variables from, by `Kind namespace/name`. */
  settings: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Values of Secrets that workloads take their credentials from, by `namespace/name/key`. */
  secrets: ReadonlyMap<string, string>;
}

/** What to do about one planned resource. */
export type Verdict = {
  urn: string;
  kind: string;
  namespace?: string;
  name: string;
  /** What the cluster has. */
  found: string;
} & (
  | { action: "adopt"; live: LiveObject; notes: string[] }
  /**
   * The object can't be changed into the planned one and holds no data. It is deleted, and the next update creates it.
   */
  | { action: "replace"; live: LiveObject; why: string }
  /** The claim is gone, but its volume still exists. */
  | { action: "restore"; volume: string }
  | Rescue
  | Resume
  /** The state has the workload, and the cluster has lost it: the state forgets it, and the next update makes it. */
  | { action: "forget" }
  | { action: "refuse"; faults: Refusal[] }
);

/** The claim is being deleted and goes with its pod: its volume is kept, `stops` are stopped, and it is made again. */
export interface Rescue {
  action: "rescue";
  live: LiveObject;
  volume: string;
  /** The volume's reclaim policy now. */
  policy: string;
  stops: LiveObject[];
}

/** The workload was stopped for a rescue. It is started again with so many pods. */
export interface Resume {
  action: "resume";
  live: LiveObject;
  replicas: number;
}

/** A generated value that must not change, with the URN of the resource that would generate it anew. */
export interface Credential {
  urn: string;
  service: string;
  value: string;
  /** Where the value was found, in words for a person. */
  from: string;
}
