import { readFile } from "node:fs/promises";
import { ifThere } from "./if-there";
import { encryptionSalt, overrideConfig, type Overrides } from "./overrides";
import type { Stack } from "./stack";

/**
 * The config file that an earlier start has written for a stack; empty where there is none. Throws where it can't be
 * read: it may hold the only copy of secrets, and the next start writes over it.
 */
export const writtenConfig = async ({ configFile }: Pick<Stack, "configFile">): Promise<string> =>
  configFile === undefined ? "" : ((await ifThere(readFile(configFile, "utf8"))) ?? "");

/** A stack's committed config as `npm start` deploys it, with the secrets that are encrypted for the stack it keeps. */
export async function localConfig(
  stack: Pick<Stack, "configFile">,
  text: string,
  overrides: Overrides,
): Promise<string> {
  const own = await writtenConfig(stack);
  return overrideConfig(text, overrides, encryptionSalt(own), own);
}
