import type { Diagnostic } from "../pulumi/preview";
import { shortName } from "../pulumi/urn";
import type { ImpactPreview } from "./changes";
import type { Refusal } from "./types";

/** What a preview reports in addition to its steps. */
export interface Said {
  /** Why the change is refused: the program's faults, the engine's protection, or the cluster's own checks. */
  refusals: Refusal[];
  warnings: string[];
  /** Any other error. With one, nothing is known about the data. */
  failures: string[];
}

/**
 * Kinds of resources that hold data or that data needs. An error at one of them means that the change doesn't work for
 * the data.
 */
const holdsData = /:(PersistentVolumeClaim|PersistentVolume|Namespace|StorageClass|Secret|RandomPassword)::/;

/** Sorts a preview's diagnostics. It leaves out the engine's summary of a failure and the notices about plugins. */
export function understand({ diagnostics }: Pick<ImpactPreview, "diagnostics">): Said {
  const said: Said = { refusals: [], warnings: [], failures: [] };
  for (const diagnostic of diagnostics) {
    const message = clean(diagnostic.message);
    if (diagnostic.severity === "warning" && !/^using pulumi-\S+ from \$PATH/.test(message))
      said.warnings.push(message);
    if (diagnostic.severity !== "error" || message === "preview failed") continue;
    const refusals = refusalsOf(diagnostic, message);
    if (refusals.length > 0) said.refusals.push(...refusals);
    else said.failures.push(message);
  }
  return { ...said, warnings: [...new Set(said.warnings)] };
}

const clean = (message: string) =>
  message
    .trim()
    .replace(/^(error|warning): /, "")
    .replace(/^Preview failed: /, "");

function refusalsOf({ urn }: Diagnostic, message: string): Refusal[] {
  if (/^the config of stack "[^"]*" has \d+ faults?/.test(message)) return faultsOf(message);
  if (/^the cluster of stack "[^"]*" fails /.test(message)) return checksOf(message);
  // Every protected resource is protected for the sake of data, whatever its kind: an engine's release takes its
  // volumes along.
  const protectedFrom = protection(message);
  if (!urn || !(protectedFrom ?? holdsData.test(urn))) return [];
  return [{ about: "data", where: shortName(urn), message: protectedFrom ?? message }];
}

/** Each failed check of the cluster, with the way out that is printed below it. */
function checksOf(message: string): Refusal[] {
  const failed = message.matchAll(/^ +✗ (.*) \[(\S+)\]\n((?: {4,}.*\n?)*)/gm);
  return [...failed].map(([, title, id, way = ""]) => ({
    about: "cluster",
    where: `preflight ${id}`,
    message: `${title}; ${way.trim().replaceAll(/\n\s*/g, " ")}`,
  }));
}

/** Each fault that the program reports, with its path in the stack config. */
function faultsOf(message: string): Refusal[] {
  const [, ...lines] = message.split("\n");
  return lines.flatMap((line) => {
    const [, where, fault] = /^\s+([^\s:]+:[^\s:]+): (.*)$/.exec(line) ?? [];
    return where === undefined || fault === undefined ? [] : [{ about: "data", where, message: fault }];
  });
}

/** The engine's message names flags of the program that a stack config doesn't have, so it is replaced. */
function protection(message: string): string | undefined {
  if (/cannot be deleted\s+because it is protected/.test(message)) return "is protected, so it is not deleted";
  if (/unable to replace resource[\s\S]*marked for protection/.test(message))
    return "is protected, so it is not replaced";
  return undefined;
}
