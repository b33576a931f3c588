import * as pulumi from "@pulumi/pulumi";

/**
 * The error of a refusal that comes while resources are made. Pulumi prints the stack of every error that comes after
 * the program's own end, also of a RunError; where there is none, it prints the message.
 */
export function lateRefusal(message: string): pulumi.RunError {
  const error = new pulumi.RunError(message);
  error.stack = "";
  return error;
}
