/** What is wrong with the kubeconfig and what to do; `field` is the key of the stack config that leads to it. */
export class KubeconfigError extends Error {
  constructor(
    readonly field: "kubeconfig" | "context",
    message: string,
  ) {
    super(message);
  }
}
