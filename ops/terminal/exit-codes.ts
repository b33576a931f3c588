/** The exit codes of a command, for its caller: a shell, a workflow, or another command. */
export const exitCodes = {
  done: 0,
  /** The user made a mistake, or a step failed; the message says which. */
  failed: 1,
  /** Data would be lost or left unprotected, or the cluster is not what the stack says. Nothing was changed. */
  atRisk: 2,
  /** Ctrl-C. */
  interrupted: 130,
} as const;
