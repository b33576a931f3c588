import type { PodFacts, VolumeFacts } from "../../model/facts";
import type { Refusal } from "../../model/service-spec";
import type { StateResource } from "../pulumi/state";

/** A resource of the program that the state hasn't, as a preview shows it: secrets hidden, unknown values marked. */
export type Planned = StateResource & { protect?: boolean };

/** An object of the cluster as its API has it. */
export interface LiveObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  // What the rest is depends on the kind; the functions that read it know theirs.
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

/** What the cluster has of what the program wants. */
export interface Facts {
  /** By URN of the planned resource. */
  live: ReadonlyMap<string, LiveObject>;
  volumes: readonly VolumeFacts[];
  users: readonly PodFacts[];
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
  /** It can't be changed into what the program wants and holds no data: deleted, so that the next update makes it. */
  | { action: "replace"; live: LiveObject; why: string }
  /** The claim is gone and its volume isn't. */
  | { action: "restore"; volume: string }
  | { action: "refuse"; faults: Refusal[] }
);

/** A generated value that has to stay what it is, by the URN of the resource that would generate it anew. */
export interface Credential {
  urn: string;
  value: string;
  /** Where it was found, for a person. */
  from: string;
}
