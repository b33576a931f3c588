import { join } from "node:path";

/**
 * Directory with the stand-in executables `pulumi-resource-kubernetes`, `-command` and `-random`.
 * When it is on PATH, the Pulumi CLI uses them as the official plugins. They need this checkout's node_modules.
 */
export function pluginBin(): string {
  return join(__dirname, "bin");
}
