import { execa } from "execa";
import { join } from "node:path";
import { stringify } from "yaml";

/** Something that a checker has against an object. */
export interface Finding {
  checker: "kubeconform" | "kube-score";
  /** Kind/name in its namespace, such as `Deployment/local-ai-system/redis`. */
  object: string;
  /** The rule's id; kubeconform has only `schema`. */
  rule: string;
  message: string;
}

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  [field: string]: unknown;
}

/**
 * Several objects as one YAML stream, in the old version that Kubernetes' tools read: there `n` and `on` need quotes.
 */
export function toYaml(objects: readonly object[]): string {
  return objects.map((object) => stringify(object, { version: "1.1", aliasDuplicateObjects: false })).join("---\n");
}

const nameOf = (kind: string, namespace: string | undefined, name: string) =>
  [kind, namespace, name].filter(Boolean).join("/");

/** What the schemas at `location` refuse. A kind without a schema is a finding too. */
export async function kubeconform(bin: string, location: string, objects: readonly Manifest[]): Promise<Finding[]> {
  const args = ["-strict", "-output", "json", "-verbose", "-schema-location", location, "-"];
  const { stdout, stderr } = await execa(join(bin, "kubeconform"), args, { input: toYaml(objects), reject: false });
  const { resources } = parse(stdout, stderr, "kubeconform") as {
    resources: { kind: string; name: string; status: string; msg: string }[];
  };
  if (resources.length !== objects.length)
    throw new Error(`kubeconform saw ${resources.length} of ${objects.length} objects`);
  return resources
    .filter(({ status }) => status !== "statusValid")
    .map(({ kind, name, msg }) => ({
      checker: "kubeconform",
      object: nameOf(kind, undefined, name),
      rule: "schema",
      message: innermost(msg),
    }));
}

/** "at 'PATH': WHAT" of each fault, without those that only say that something inside is wrong. */
function innermost(message: string): string {
  const faults = message
    .split(/\s+- (?=at ')/)
    .slice(1)
    .filter((fault) => !fault.endsWith("': validation failed"));
  return faults.length > 0 ? faults.join("; ") : message;
}

interface Scored {
  type_meta: { kind: string };
  object_meta: { name: string; namespace?: string };
  checks: {
    check: { id: string };
    grade: number;
    skipped: boolean;
    comments: { path: string; summary: string }[] | null;
  }[];
}

/** The highest grade that is a warning; below are errors. */
const warning = 5;

/**
 * Warnings and errors of every check that is on by default, and of the seccomp one. Annotations can't switch checks
 * off.
 */
export async function kubeScore(bin: string, version: string, objects: readonly Manifest[]): Promise<Finding[]> {
  const [major, minor] = version.split(".");
  const args = [
    "score",
    "-o",
    "json",
    "--kubernetes-version",
    `v${major}.${minor}`,
    "--disable-ignore-checks-annotations",
    "--enable-optional-test",
    "container-seccomp-profile",
    "-",
  ];
  const { stdout, stderr } = await execa(join(bin, "kube-score"), args, { input: toYaml(objects), reject: false });
  return ((parse(stdout, stderr, "kube-score") as Scored[] | null) ?? []).flatMap(
    ({ type_meta, object_meta, checks }) => {
      const object = nameOf(type_meta.kind, object_meta.namespace, object_meta.name);
      return checks
        .filter(({ skipped, grade }) => !skipped && grade <= warning)
        .flatMap(({ check, comments }) =>
          (comments ?? []).map(({ path, summary }): Finding => ({
            checker: "kube-score",
            object,
            rule: check.id,
            message: path ? `${summary} (${path})` : summary,
          })),
        );
    },
  );
}

function parse(stdout: string, stderr: string, program: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`${program} said: ${stderr || stdout}`);
  }
}

/** A finding that is right and stays, and why. */
export interface Exception {
  rule: string;
  /** The message begins so; any message of the rule when absent. */
  message?: string;
  /** What it holds for, with `*` for any part of a name; everything when absent. */
  objects?: string[];
  reason: string;
}

/** Findings that no exception covers, and exceptions that cover none. */
export function withoutExceptions(
  findings: Finding[],
  exceptions: Exception[],
): { left: Finding[]; unused: Exception[] } {
  const covers = (exception: Exception, finding: Finding) =>
    exception.rule === finding.rule &&
    finding.message.startsWith(exception.message ?? "") &&
    (exception.objects ?? ["*"]).some((pattern) => matches(pattern, finding.object));
  return {
    left: findings.filter((finding) => !exceptions.some((exception) => covers(exception, finding))),
    unused: exceptions.filter((exception) => !findings.some((finding) => covers(exception, finding))),
  };
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}
