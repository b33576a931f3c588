/**
 * The types of this program's components that install provisioners, whose pods work on the nodes. A test holds the list
 * to what the backends create.
 */
export const installers: string[] = ["cluster-storage:index:LocalPathProvisioner", "cluster-storage:index:Charts"];

/** The setting of a rule that lets provisioners do more: the components that install them. */
export const installersSetting = {
  type: "array" as const,
  items: { type: "string" as const },
  default: installers,
  description: "Types of the components that install provisioners; what they make may.",
};
