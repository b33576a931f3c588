import type { ZodType } from "zod";
import type { Hidden } from "./hidden";
import type { NodeFacts } from "./node-facts";

/** What flows between the config, the types of nodes in `nodes/`, the component and the command that prepare them. */

/** A node's entry in `cluster-storage:nodes`, as its type's own schema has it. */
export interface NodeConfig {
  type: string;
  /** Where the node is reached; absent: at its InternalIP in the cluster. */
  address?: string;
  settings: unknown;
}

/** How talosctl gets in. Without `configFile` and `config` it looks where it always does. */
export interface TalosAccess {
  /** Path of a talosconfig on the machine that deploys. */
  configFile?: string;
  /** A whole talosconfig, which came in as a secret. */
  config?: Hidden;
  context?: string;
}

/** How nodes are reached over SSH. */
export interface SshAccess {
  user: string;
  port: number;
  /** Path of a private key on the machine that deploys. */
  privateKeyFile?: string;
  /** A private key, which came in as a secret. */
  privateKey?: Hidden;
  /** The keys of the agent at SSH_AUTH_SOCK are used. */
  agent: boolean;
}

/** The section `cluster-storage:nodeAccess`. */
export interface NodeAccess {
  talos: TalosAccess;
  ssh: SshAccess;
}

/** A node that is asked or changed. */
export interface NodeTarget {
  /** In the cluster. */
  name: string;
  address: string;
  access: NodeAccess;
}

/** One thing that a node has to have. */
export interface NodeStep {
  /** Unique in the node, and the same as long as its line stays in the config: `volume-local-path`. */
  id: string;
  /** What it makes, as previews and logs say it: `the user volume local-path`. */
  words: string;
  /** Its place below the node's entry, for messages: `["volumes", "local-path"]`. */
  path: string[];
  /** What the config says of it, as plain JSON without secrets. It is kept in the state. */
  line: unknown;
  /**
   * `local`: by the type's `carryOut`, on the machine that deploys. Else a command on the node, which gets a POSIX sh
   * script by its standard input: an error of the plugin has the command in it.
   */
  run: "local" | { remote: string; script: string };
}

/** A step that an earlier update has done, from the stack's state. */
export interface DoneStep {
  type: string;
  line: unknown;
  /** How often it was done anew because what it had made was gone. */
  round: number;
}

/** What earlier updates have done, by node and step. */
export type DoneSteps = Readonly<Record<string, Readonly<Record<string, DoneStep>>>>;

/** How a step, or a condition that no step makes, stands. */
export interface StepState {
  /** The step's, or one of its own for a condition. */
  id: string;
  /** Place below the node's entry. */
  path: string[];
  /** As a step's. */
  words: string;
  /** `missing`: the update makes it. `refused`: it can't or must not be made, for `why`. */
  state: "done" | "missing" | "refused";
  /** For `refused`: whole sentences with the reason, then what would be right. */
  why?: string;
  /** What is known besides, as a sentence that follows `words` and "is there" or "is missing". */
  note?: string;
}

/** How a node of the config stands, as preflight shows it. */
export interface NodeStanding {
  node: string;
  /** Why it could not be asked, in words. */
  away?: string;
  /** It wasn't asked, because the way in is a secret that can't be decrypted here. */
  sealed?: boolean;
  states: StepState[];
}

/** What a type judges by. */
export interface Judged<Settings, Facts> {
  node: string;
  settings: Settings;
  facts: Facts;
  /** What earlier updates have done on this node, by step. */
  done: Readonly<Record<string, DoneStep>>;
  /** Claims whose volumes are on this node, as `namespace/name`: evidence that something gone held data. */
  claims: readonly string[];
  /** The cluster's other nodes that are not Ready; absent where that isn't known. */
  notReady?: readonly string[];
}

/** What a local step needs besides its line. */
export interface LocalStep extends NodeTarget {
  id: string;
  line: unknown;
  /** Says a line to whoever follows the update. */
  say(line: string): void;
  /** Names of the cluster's other nodes that aren't Ready, and whether this one is. */
  ready(): Promise<{ self: boolean; away: string[] }>;
}

/** A node can't be reached, or what answers is not what the config says. The message is a reason in words. */
export class NodeAway extends Error {
  override readonly name = "NodeAway";

  /** `sealed`: nobody asked it, because the way in is a secret that can't be decrypted here. */
  constructor(
    message: string,
    readonly sealed = false,
  ) {
    super(message);
  }
}

/** One kind of nodes: what the `node.ts` of a folder in `nodes/` exports. docs/nodes.md says what each can do. */
export interface NodeType<Settings = unknown, Facts = unknown> {
  /** Names it in the stack config; the folder has the same name. */
  type: string;
  /** Its entry in the stack config. */
  schema: ZodType<Settings>;
  /** Faults of an entry that the schema can't find. Paths are relative to the entry. Default: none. */
  check?(settings: Settings): { path: string; message: string }[];
  /** What is made on the node, in this order. Pure. */
  steps(settings: Settings, access: NodeAccess): NodeStep[];
  /** Reads what is there, and changes nothing. Throws NodeAway where the node doesn't answer as it should. */
  ask(target: NodeTarget, settings: Settings): Promise<Facts>;
  /** How each step stands, and each condition that no step makes. Pure. */
  judge(judged: Judged<Settings, Facts>): StepState[];
  /** What stays on the node of a step whose line is gone, and how it is removed by hand; whole sentences. Pure. */
  remains(node: string, id: string, line: unknown): string;
  /** The cluster's facts about the node as they will be after the steps. Pure. */
  foresee(node: NodeFacts, settings: Settings, facts: Facts): NodeFacts;
  /**
   * Carries out one local step: looks again itself, does nothing where it is done, waits for what it has made and
   * verifies it. Throws UserError with the reason.
   */
  carryOut?(step: LocalStep): Promise<void>;
  /** The public key by which the node proves itself over SSH, for remote steps. */
  hostKey?(settings: Settings): string;
}

/** A node's part of the plan. */
export interface NodePlan {
  name: string;
  type: string;
  address?: string;
  settings: unknown;
  steps: NodeStep[];
  access: NodeAccess;
  hostKey?: string;
}

/** The variable that the command for local steps gets its task by, as JSON. */
export const nodeTaskVariable = "CLUSTER_STORAGE_NODE_STEP";

/** What the command for local steps is told. It has no secret: those come by standard input. */
export interface NodeTask {
  node: string;
  type: string;
  address?: string;
  step: Pick<NodeStep, "id" | "line" | "words">;
  /** Changes where the step has to be done anew. */
  round: number;
  talos: Omit<TalosAccess, "config"> & { stdin?: true };
  cluster: { context: string; kubeconfig?: string };
}
