import type { Rule } from "./rights";

/** The rights that a stack's Roles give to people, from the least to the most. Types, and the names. */

export const accessRoles = ["view", "operate", "restore"] as const;
export type AccessRole = (typeof accessRoles)[number];

/** Who is given rights. */
export interface Subject {
  kind: "User" | "Group" | "ServiceAccount";
  name: string;
  /** Of a ServiceAccount. */
  namespace?: string;
}

/** A subject in the stack config. `in`: the namespaces in which it has the rights; all of the stack's where absent. */
export type AccessConfig = Record<AccessRole, (Subject & { in?: string[] })[]>;

/** A Role of a namespace, and who has it there. */
export interface AccessPlan {
  role: AccessRole;
  /** In the cluster. */
  name: string;
  rules: Rule[];
  subjects: Subject[];
}
