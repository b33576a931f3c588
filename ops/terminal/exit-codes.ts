/** How a command ends, for whoever runs it: a shell, a workflow, another command. */
export const exitCodes = {
  done: 0,
  /** A mistake, or a step that failed; the message says which. */
  failed: 1,
  /** Data would be lost or left unprotected, or the cluster is not what the stack says. Nothing was changed. */
  atRisk: 2,
  /** Ctrl-C. */
  interrupted: 130,
} as const;
