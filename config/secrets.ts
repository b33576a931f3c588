import { isDeepStrictEqual } from "node:util";
import { backupSecrets } from "./repository";
import { pathText } from "../model/config-path";
import { Hidden, hiddenPlaces, isSealed } from "../model/hidden";
import { isMap } from "../model/map";
import type { Fault } from "../model/plan";

/**
 * A config value as Pulumi gives it to the program, with its secrets hidden. Pulumi says only which key at the top has
 * a secret somewhere below, so `file`, the same key's value in the stack file, has to say which. Undefined where the
 * two don't fit together: then it is not known what is secret.
 */
export function hideAsIn(file: unknown, value: unknown): unknown {
  const hidden = fit(file, value);
  return hidden === undefined || hiddenPlaces(hidden).length === 0 ? undefined : hidden;
}

/** `open` with what `sealed` has encrypted as hidden values; undefined where they differ in anything else. */
function fit(sealed: unknown, open: unknown): unknown {
  if (isSealed(sealed)) return new Hidden(typeof open === "string" ? open : JSON.stringify(open));
  if (Array.isArray(sealed) && Array.isArray(open))
    return sealed.length === open.length ? whole(open.map((part, i) => fit(sealed[i], part))) : undefined;
  if (isMap(sealed) && isMap(open)) {
    const keys = Object.keys(open);
    if (!isDeepStrictEqual(Object.keys(sealed).sort(), [...keys].sort())) return undefined;
    const parts = whole(keys.map((key) => fit(sealed[key], open[key])));
    return parts && Object.fromEntries(keys.map((key, i) => [key, parts[i]]));
  }
  return String(sealed) === String(open) ? open : undefined;
}

const whole = (parts: unknown[]) => (parts.includes(undefined) ? undefined : parts);

/** Places besides variables: what the program itself logs in to nodes with, and the backups' repository. */
const mayBeSecret = ["nodeAccess.talos.config", "nodeAccess.ssh.privateKey", ...backupSecrets];

/** A fault for each hidden value where none can be kept, with the command that sets it in plain text. */
export function misplacedSecrets(values: Readonly<Record<string, unknown>>, project: string): Fault[] {
  return hiddenPlaces(values).flatMap((place) => {
    const [field, name, ...below] = place.slice(place[0] === "defaults" ? 1 : 2);
    const path = pathText(place);
    if (mayBeSecret.includes(path)) return [];
    if (
      !["services", "defaults"].includes(String(place[0])) ||
      field !== "env" ||
      name === undefined ||
      below.length > 0
    )
      return [
        {
          path,
          message:
            `is secret, and here it would stand in plain text in the state and in the cluster: only ` +
            "services.SERVICE.env.NAME and defaults.env.NAME can be secret; if this is no secret: " +
            "pulumi config set --plaintext --path " +
            `'${project}:${path}' VALUE`,
        },
      ];
    // It becomes a key of a Kubernetes Secret.
    if (/^[-._a-zA-Z0-9]{1,253}$/.test(String(name))) return [];
    return [
      { path, message: 'is secret, and the name of a secret variable has only letters, digits, "-", "_" and "."' },
    ];
  });
}
