import { UserError } from "../../model/user-error";
import { readArguments } from "../terminal/args";

export interface StartOptions {
  /** A context of the user's kubeconfig; the local cluster where absent. */
  context?: string;
  /** Whether the local cluster also makes the programs that take minutes. */
  real: boolean;
}

/** Reads the arguments of `npm start`. Throws a UserError for unknown ones and for a pair that means nothing. */
export function startOptions(argv: string[]): StartOptions {
  const { context, real = false } = readArguments(argv, { context: "NAME", real: true }).options;
  if (context !== undefined && real)
    throw new UserError(
      `--real makes the services' programs for the local cluster, and the cluster "${context}" pulls their images; ` +
        "nothing was started. Leave one of --real and --context out",
    );
  return { context, real };
}
