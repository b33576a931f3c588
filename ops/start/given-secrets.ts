import { backupSecrets } from "../../config/repository";
import { readStackYaml } from "../../config/stack-yaml";
import { isSealed, placesOf } from "../../model/hidden";
import { UserError } from "../../model/user-error";
import { encryptionSalt } from "../pulumi/overrides";
import { ensureStack, pulumi, type Stack } from "../pulumi/stack";

/**
 * The variable with what opens the backups' repository, of a place in the config:
 * CLUSTER_STORAGE_BACKUPS_REPOSITORY_PASSWORD of `backups.repository.password`.
 */
export const variableOf = (place: string) => `CLUSTER_STORAGE_${place.replace(/[^a-zA-Z0-9]/g, "_").toUpperCase()}`;

/** What of the backups' secrets the environment has. No other process can encrypt for the stack of `npm start`. */
const givenSecrets = (env: NodeJS.ProcessEnv = process.env): { place: string; value: string }[] =>
  backupSecrets.flatMap((place) => {
    const value = env[variableOf(place)];
    return value ? [{ place, value }] : [];
  });

/**
 * The places of the backups' secrets in a stack file that the stack that `npm start` keeps can't read: they were
 * encrypted for another one, and neither `own`, its config, nor the environment has them.
 */
export function missingSecrets(text: string, own: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const salt = encryptionSalt(text);
  if (salt !== undefined && salt === encryptionSalt(own)) return [];
  const known = [...sealedIn(own), ...givenSecrets(env).map(({ place }) => place)];
  return sealedIn(text).filter((place) => !known.includes(place));
}

/** `backups.repository.password` for a secret there. */
function sealedIn(text: string): string[] {
  const places = placesOf(text === "" ? {} : readStackYaml(text), isSealed);
  return places
    .map(([, section, ...keys]) => [String(section).replace(/^[^:]*:/, ""), ...keys].join("."))
    .filter((place) => place.startsWith("backups."));
}

/**
 * Throws a UserError where some of them were given and others are missing: without these the backups would be left out,
 * and every service would begin empty although somebody meant to have it filled.
 */
export function assertAllGiven(text: string, own: string, env: NodeJS.ProcessEnv = process.env): void {
  const missing = missingSecrets(text, own, env);
  if (givenSecrets(env).length === 0 || missing.length === 0) return;
  throw new UserError(
    "the stack file's backups have more secrets than were given: set " +
      `${missing.map(variableOf).join(" and ")} too, or ` +
      "take out of the file what isn't needed there. Nothing was deployed",
  );
}

/** Encrypts them for the stack that `npm start` keeps, in its own config: later starts need them no more. */
export async function keepGiven(stack: Stack): Promise<void> {
  const given = givenSecrets();
  if (given.length === 0 || stack.configFile === undefined) return;
  await ensureStack(stack);
  for (const { place, value } of given) {
    const key = `${stack.project}:${place}`;
    const set = ["config", "set", "--secret", "--path", key, "--stack", stack.name, "--config-file", stack.configFile];
    await pulumi(stack, set, { input: value });
  }
}
