import { isDeepStrictEqual } from "node:util";
import type { V1StatefulSet } from "@kubernetes/client-node";
import { movingAnnotation } from "../../model/metadata";
import type { Move } from "../../model/mover";
import { parseQuantity } from "../../model/quantity";

/** What the API server writes into a StatefulSet where nobody says otherwise, by the last key of its path. */
const defaults: Record<string, unknown[]> = {
  podManagementPolicy: ["OrderedReady"],
  revisionHistoryLimit: [10],
  updateStrategy: [{ type: "RollingUpdate", rollingUpdate: { partition: 0 } }],
  persistentVolumeClaimRetentionPolicy: [{ whenDeleted: "Retain", whenScaled: "Retain" }],
  dnsPolicy: ["ClusterFirst"],
  restartPolicy: ["Always"],
  schedulerName: ["default-scheduler"],
  terminationGracePeriodSeconds: [30],
  enableServiceLinks: [true],
  protocol: ["TCP"],
  terminationMessagePath: ["/dev/termination-log"],
  terminationMessagePolicy: ["File"],
  imagePullPolicy: ["IfNotPresent", "Always"],
  successThreshold: [1],
  failureThreshold: [3],
  periodSeconds: [10],
  timeoutSeconds: [1],
  scheme: ["HTTP"],
  defaultMode: [420],
  volumeMode: ["Filesystem"],
};

/** Keys of a claim template. Its claims exist, so their sizes and classes are what the claims say. */
const templateKeys = ["accessModes", "resources", "storageClassName", "volumeMode", "volumeName"];

/** Annotations that kubectl and Pulumi write, and the move's own mark. */
const harmless = (annotation: string) =>
  annotation === movingAnnotation || /^(kubectl\.kubernetes\.io|pulumi\.com)\//.test(annotation);

type Fields = Record<string, unknown>;

/**
 * Where a manifest that a claim keeps isn't what the stack declares, as paths; none where it may be made again. What a
 * move changes counts as declared: the number of pods, and the template's name.
 */
export function foreignFields(kept: unknown, declared: V1StatefulSet, { template }: Pick<Move, "template">): string[] {
  const { metadata, spec, ...rest } = fields(kept);
  const { annotations, ...named } = fields(metadata);
  const { replicas: _, volumeClaimTemplates: templates, ...own } = fields(spec);
  const names = [template?.from, template?.to];
  const differ = (found: unknown, wanted: unknown, path: string) => differences(found, wanted, path, names);
  const { replicas: __, volumeClaimTemplates: ___, ...ownDeclared } = fields(declared.spec);
  const notes = Object.fromEntries(Object.entries(fields(annotations)).filter(([key]) => !harmless(key)));
  const notesDeclared = Object.fromEntries(
    Object.entries(declared.metadata?.annotations ?? {}).filter(([key]) => !harmless(key)),
  );
  const { name, namespace, labels } = declared.metadata ?? {};
  return [
    ...differ(rest, { apiVersion: "apps/v1", kind: "StatefulSet" }, ""),
    ...differ(named, { name, namespace, labels }, "metadata"),
    ...differ(notes, notesDeclared, "metadata.annotations"),
    ...differ(own, ownDeclared, "spec"),
    ...foreignTemplates(templates, declared, names),
  ];
}

function foreignTemplates(templates: unknown, { spec }: V1StatefulSet, names: (string | undefined)[]): string[] {
  const known = [...names, ...(spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name)];
  return (Array.isArray(templates) ? templates : []).flatMap((one, i) => {
    const at = `spec.volumeClaimTemplates[${i}]`;
    const { metadata, spec: wanted } = fields(one);
    const foreign = Object.keys(fields(wanted)).filter((key) => !templateKeys.includes(key));
    return [
      ...(known.includes(String(fields(metadata).name)) ? [] : [`${at}.metadata.name`]),
      ...foreign.map((key) => `${at}.spec.${key}`),
    ];
  });
}

function differences(found: unknown, wanted: unknown, path: string, names: (string | undefined)[]): string[] {
  if (isEmpty(found) && isEmpty(wanted)) return [];
  if (isDeepStrictEqual(found, wanted) || isSecret(wanted)) return [];
  const key = /[^.]*$/.exec(path)![0];
  if (isEmpty(wanted) && (defaults[key] ?? []).some((value) => isDeepStrictEqual(value, found))) return [];
  if (key === "name" && names.includes(String(found)) && names.includes(String(wanted))) return [];
  if (isQuantity(path) && parseQuantity(String(found)) === parseQuantity(String(wanted))) return [];
  if (Array.isArray(found) && Array.isArray(wanted))
    return Array.from({ length: Math.max(found.length, wanted.length) }).flatMap((_, i) =>
      differences(found[i], wanted[i], `${path}[${i}]`, names),
    );
  const maps = [found, wanted].every((value) => isEmpty(value) || isMap(value));
  if (!maps) return [path];
  const [one, other] = [fields(found), fields(wanted)];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.flatMap((name) => {
    // The old name of the same field.
    if (name === "serviceAccount" && one[name] === other.serviceAccountName) return [];
    if (name === "apiVersion" && path.endsWith("fieldRef") && one[name] === "v1") return [];
    return differences(one[name], other[name], path === "" ? name : `${path}.${name}`, names);
  });
}

const isMap = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const fields = (value: unknown): Fields => (isMap(value) ? value : {});
const isEmpty = (value: unknown) =>
  value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
/** The state keeps such a value encrypted. */
const isSecret = (value: unknown) => isMap(value) && "4dabf18193072939515e22adb298388d" in value;
const isQuantity = (path: string) => /(\.(requests|limits)\.[^.]+|\.sizeLimit)$/.test(path);
