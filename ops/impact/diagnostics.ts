import type { Diagnostic } from "../pulumi/preview";
import { shortName } from "../pulumi/urn";
import type { ImpactPreview } from "./changes";
import type { Refusal } from "./types";

/** What a preview says beside its steps. */
export interface Said {
  /** Why the change is not to be had: the program's faults, the engine's protection, the cluster's own checks. */
  refusals: Refusal[];
  warnings: string[];
  /** Any other error: nothing can be said of the data. */
  failures: string[];
}

/** Kinds of which an error means that data, or what it needs, doesn't get to where the change wants it. */
const holdsData = /:(PersistentVolumeClaim|PersistentVolume|Namespace|StorageClass|Secret|RandomPassword)::/;

/** Sorts a preview's diagnostics. The engine's summary of a failure, and the plugins' own affairs, are left out. */
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
  // What is protected is so for the data's sake, of whichever kind it is: an engine's release takes its volumes along.
  const protectedFrom = protection(message);
  if (!urn || !(protectedFrom ?? holdsData.test(urn))) return [];
  return [{ about: "data", where: shortName(urn), message: protectedFrom ?? message }];
}

/** Each check of the cluster that failed, with the way out that stands below it. */
function checksOf(message: string): Refusal[] {
  const failed = message.matchAll(/^ +✗ (.*) \[(\S+)\]\n((?: {4,}.*\n?)*)/gm);
  return [...failed].map(([, title, id, way = ""]) => ({
    about: "cluster",
    where: `preflight ${id}`,
    message: `${title}; ${way.trim().replaceAll(/\n\s*/g, " ")}`,
  }));
}

/** Each fault of the program's, by its path in the stack config. */
function faultsOf(message: string): Refusal[] {
  const [, ...lines] = message.split("\n");
  return lines.flatMap((line) => {
    const [, where, fault] = /^\s+([^\s:]+:[^\s:]+): (.*)$/.exec(line) ?? [];
    return where === undefined || fault === undefined ? [] : [{ about: "data", where, message: fault }];
  });
}

/** The engine's words name flags of the program, which a stack config doesn't have. */
function protection(message: string): string | undefined {
  if (/cannot be deleted\s+because it is protected/.test(message)) return "is protected, so it is not deleted";
  if (/unable to replace resource[\s\S]*marked for protection/.test(message))
    return "is protected, so it is not replaced";
  return undefined;
}
