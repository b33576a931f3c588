import type { NamedKey } from "./container-settings";
import type { Hidden } from "./hidden";

/** What a service's container is made of, and how its data is checked. Types only. */

export interface Amounts {
  cpu?: string;
  memory?: string;
}

/** Requests and limits of a container, in Kubernetes quantities. */
export interface Resources {
  requests: Amounts;
  limits: Amounts;
}

export interface Identity {
  uid: number;
  gid: number;
}

export interface Port {
  name: string;
  port: number;
}

/**
 * A value, a value that follows the volume's size, a secret value of the stack config, a key of somebody else's object,
 * a key of the service's Secret as a variable, or the path of a key that is mounted as a file.
 */
export type EnvVar =
  | { name: string; value: string }
  // It is no part of the pod, which a volume that grows in place must not replace. The next start takes a new value.
  | { name: string; sized: string }
  | { name: string; hidden: Hidden }
  | { name: string; from: NamedKey }
  // `of`: another service's Secret, in the same namespace.
  | { name: string; secret: string; of?: string }
  | { name: string; secretFile: string };

export type ProbeAction =
  { exec: string[] } | { http: { path: string; port: number; scheme?: "HTTPS" } } | { tcp: number };

/**
 * A probe. The seconds between tries and the number of failures that count default to Kubernetes' own values (10 and
 * 3), the seconds for an answer to 5: Kubernetes' 1 takes a healthy program on a busy machine for dead.
 */
export interface Probe {
  action: ProbeAction;
  periodSeconds?: number;
  timeoutSeconds?: number;
  failureThreshold?: number;
}

export interface Probes {
  startup?: Probe;
  readiness: Probe;
  liveness?: Probe;
}

export interface Mount {
  path: string;
  /** Directory of the volume that is mounted; the whole volume when absent. */
  subPath?: string;
}

/** One step of a persistence check. `{{key}}` and `{{value}}` are substituted in every string. */
export type CheckStep =
  | { exec: string[] }
  | {
      http: {
        method: string;
        port: number;
        path: string;
        body?: string;
        /** The connection is encrypted, and this is the name that the server is verified by. */
        serverName?: string;
        headers?: Record<string, string>;
        secretHeader?: { name: string; secret: string; key: string; prefix?: string };
      };
    };

/**
 * How to write a record through the service's own interface, and read it back: the last read's output contains
 * `{{value}}`. `remove` takes the record of that key away again, and the last of `list` prints the keys of all records.
 */
export interface PersistenceCheck {
  container: string;
  write: CheckStep[];
  read: CheckStep[];
  remove: CheckStep[];
  list: CheckStep[];
}
