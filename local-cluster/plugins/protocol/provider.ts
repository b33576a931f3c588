import type { Change } from "./diff";
import type { Engine } from "./engine";
import type { Properties } from "./values";

export interface Failure {
  /** The property that is wrong; empty for the resource as a whole. */
  property: string;
  reason: string;
}

export interface Autonaming {
  mode: "propose" | "enforce" | "disable";
  proposedName: string;
}

export interface CheckRequest {
  urn: string;
  olds: Properties;
  news: Properties;
  randomSeed: Uint8Array;
  autonaming?: Autonaming;
}

export interface DiffRequest {
  id: string;
  urn: string;
  olds: Properties;
  oldInputs: Properties;
  news: Properties;
  ignoreChanges: string[];
}

export interface DiffResult {
  changes: Change[];
  /** Reasons to replace the resource other than a change, such as its state. */
  replaceReasons?: string[];
  deleteBeforeReplace: boolean;
}

export interface CreateRequest {
  urn: string;
  inputs: Properties;
  /** Seconds; 0 for the default. */
  timeout: number;
  preview: boolean;
}

export interface ReadRequest {
  id: string;
  urn: string;
  state: Properties;
  inputs: Properties;
}

export interface UpdateRequest extends DiffRequest {
  timeout: number;
  preview: boolean;
}

export interface DeleteRequest {
  id: string;
  urn: string;
  state: Properties;
  timeout: number;
}

export interface InvokeRequest {
  token: string;
  args: Properties;
}

/** One plugin's side of the protocol, in plain values. Errors are thrown; see errors.ts for partial failures. */
export interface Provider {
  version: string;
  checkConfig?(urn: string, news: Properties): Promise<Failure[]>;
  diffConfig?(olds: Properties, news: Properties): Promise<DiffResult>;
  configure(inputs: Properties, engine: Engine): Promise<void>;
  check(request: CheckRequest): Promise<{ inputs: Properties; failures: Failure[] }>;
  diff(request: DiffRequest): Promise<DiffResult>;
  create(request: CreateRequest): Promise<{ id: string; outputs: Properties }>;
  /** Returns undefined when the resource is gone. */
  read(request: ReadRequest): Promise<{ id: string; outputs: Properties; inputs: Properties } | undefined>;
  update(request: UpdateRequest): Promise<Properties>;
  delete(request: DeleteRequest): Promise<void>;
  invoke(request: InvokeRequest): Promise<{ result: Properties; failures: Failure[] }>;
  cancel(): void;
}
