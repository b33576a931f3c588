import { join } from "node:path";

/**
 * Directory with the stand-in executables `pulumi-resource-kubernetes`, `-command` and `-random`.
 * On PATH, the Pulumi CLI takes them for the official plugins; they need this checkout's node_modules.
 */
export function pluginBin(): string {
  return join(__dirname, "bin");
}
