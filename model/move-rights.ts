import type { Metadata } from "./metadata";

/** What binds the account of a service's moves to its role while the jobs run. */
export interface MoveBinding {
  /** Of the RoleBinding; its namespace is that of the role and the account. */
  metadata: Metadata;
  /** The name of both the role and the account. */
  app: string;
  /** The role's uid: the binding goes with the role. */
  role: string;
  /** The names of the service's move jobs. */
  jobs: string[];
  /** Of restores: the files with which restic opens the repository, for a Secret that is there while the jobs run. */
  repository?: Record<string, string>;
}

/**
 * Gives a move's account its rights, and takes them away when its jobs are complete. Pulumi can't do that itself: what
 * it makes stays at least until the next update.
 */
export interface MoveRights {
  /** Throws where the rights can't be given: the jobs could do nothing without them. */
  give(binding: MoveBinding): Promise<void>;
  take(binding: MoveBinding): Promise<void>;
}
