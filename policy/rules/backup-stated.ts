import type { StackValidationPolicy } from "@pulumi/policy";
import { claimTemplatesOf } from "../kubernetes";
import { type KubeObject, type Metadata, objectsOf } from "../objects";

const annotation = "cluster-storage/backup";

/** Every volume has a backup, or says why it has none. One report for the stack: it is one thing to decide. */
export const backupStated: StackValidationPolicy = {
  name: "backup-stated",
  description: `A claim names its backup in the annotation ${annotation}, or says "none: REASON" there.`,
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    const objects = resources.flatMap((resource) => objectsOf<Spec>(resource));
    const made = new Set(objects.filter((object) => isClaim(object) && !object.patch).map(({ props }) => keyOf(props)));
    const found = objects.flatMap((object) => [
      ...(isClaim(object) ? [{ what: object.what, ...judge(object.props.metadata, object.patch) }] : []),
      ...claimTemplatesOf(object).flatMap(({ metadata }) =>
        madeBefore(object, metadata, made)
          ? []
          : [{ what: `${object.what}, claim template ${metadata?.name},`, ...judge(metadata, object.patch) }],
      ),
    ]);
    // In an order of their own, because resources come as they are ready.
    const of = (fault: Fault) =>
      found
        .filter((each) => each.fault === fault)
        .map(({ what }) => what)
        .sort();
    const [silent, groundless] = [of("silent"), of("groundless")];
    if (silent.length > 0)
      report(
        `${listed(silent)} ${silent.length > 1 ? "say" : "says"} nothing of a backup; name it in the annotation ` +
          `${annotation}, or set it to "none: REASON"`,
      );
    if (groundless.length > 0)
      report(
        `${listed(groundless)} ${groundless.length > 1 ? "have" : "has"} no backup and no reason; say it in the ` +
          `annotation ${annotation}: "none: REASON"`,
      );
  },
};

interface Spec {
  replicas?: number;
}

/** `silent`: nothing is said. `groundless`: there is none, and no reason. */
type Fault = "silent" | "groundless";

const isClaim = ({ kind }: Pick<KubeObject, "kind">) => kind === "PersistentVolumeClaim";

const keyOf = ({ metadata }: { metadata?: Metadata }) => `${metadata?.namespace}/${metadata?.name}`;

/** Whether the stack makes the claims of a template itself: those say it, because a template can't be changed. */
function madeBefore({ props }: KubeObject<Spec>, template: Metadata | undefined, made: ReadonlySet<string>): boolean {
  const { namespace, name } = props.metadata ?? {};
  const claims = Array.from({ length: props.spec?.replicas ?? 1 }, (_, i) => `${template?.name}-${name}-${i}`);
  return claims.length > 0 && claims.every((claim) => made.has(`${namespace}/${claim}`));
}

function judge(metadata: Metadata | undefined, patch: boolean): { fault?: Fault } {
  const said = metadata?.annotations?.[annotation];
  if (patch && said === undefined) return {};
  if (!said) return { fault: "silent" };
  return /^none:?\s*$/.test(said) ? { fault: "groundless" } : {};
}

const listed = (names: string[]) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
