import { bytes } from "../model/quantity";
import { meant } from "../model/meant";
import { checked, matching, oneOf, plain, show, text } from "./fields";

/** Forms of values in the stack config that several entries share: quantities, names, images, paths. */

const units = "(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)";
const quantity = { type: "string", pattern: `^(?=[0-9.]*[1-9])[0-9]+(\\.[0-9]+)?${units}$` };

function quantityFault(value: unknown, unit: "Gi" | "Mi"): string | undefined {
  const [number, example] = [plain(value), `for instance 10${unit}`];
  if (typeof value !== "string" && typeof value !== "number")
    return `must be a number with a unit, ${example}, not ${show(value)}`;
  if (/^-/.test(number)) return `"${number}" is negative; a size is ${example}`;
  if (bytes(number) === 0 || Number(number) === 0)
    return `must be greater than zero, not "${number}"; a size is ${example}`;
  if (bytes(number) !== undefined) return undefined;
  const probably = meant(number, unit);
  const wayOut = probably ? `did you mean ${probably}?` : `write a number with a unit (Ki, Mi, Gi, Ti), ${example}`;
  return `"${number}" ${Number.isFinite(Number(number)) ? "has no unit" : "is not a size"}; ${wayOut}`;
}

/** Storage with its unit, more than zero. */
export const size = checked<string>(quantity, (value) => quantityFault(value, "Gi"));

/** Memory with its unit, more than zero. */
export const memory = checked<string>(quantity, (value) => quantityFault(value, "Mi"));

/** Cores (0.5), or thousandths of a core (500m); more than zero. */
export const cpu = checked<string>(
  { type: ["string", "number"], pattern: "^(?=.*[1-9])([0-9]+m|[0-9]+(\\.[0-9]+)?)$", exclusiveMinimum: 0 },
  (value) =>
    ["string", "number"].includes(typeof value) &&
    /^([0-9]+m|[0-9]+(\.[0-9]+)?)$/.test(String(value)) &&
    Number.parseFloat(String(value)) > 0
      ? undefined
      : `${show(value)} is not an amount of CPU; write cores (0.5) or thousandths of a core (500m)`,
).transform(String);

/** The form of names of namespaces, claims and backends: a DNS label. */
export const labelForm = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Names of namespaces and claims. */
export const dnsLabel = matching(
  labelForm,
  (value) =>
    `"${value}" is refused by Kubernetes; use at most 63 lower-case letters, digits and "-", with a letter or ` +
    "digit at both ends",
);

/** The form of names of classes and nodes: DNS labels joined by dots. */
export const nameForm = /^(?!.{254})[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const nameFault = (value: string) =>
  `"${value}" is refused by Kubernetes; use at most 253 lower-case letters, digits, "-" and ".", with a ` +
  "letter or digit at both ends";

/** Names of classes and nodes. */
export const dnsName = matching(nameForm, nameFault);

/** A class's name, or "" for volumes that are made by hand. */
export const className = matching(new RegExp(`^$|${nameForm.source}`), nameFault);

const imageForm = /^[a-z0-9.:_/-]+?(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;
const pinnedForm =
  "^(?!.*:latest(@|$))[a-z0-9.:_/-]+?" +
  "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$";

/** An image reference that always means the same image: with a tag other than latest, or a digest. */
export const image = text(
  (value) => {
    if (!imageForm.test(value))
      return `"${value}" is not an image reference; one is for instance redis:7.4.11-bookworm`;
    const tag = /:([A-Za-z0-9_][A-Za-z0-9_.-]*)$/.exec(value.replace(/@.*/, "").replace(/^.*\//, ""))?.[1];
    if (!value.includes("@") && tag === undefined)
      return `"${value}" has no tag, so the image can change without notice; pin a version`;
    return tag === "latest" ? `"${value}" is latest, so the image can change without notice; pin a version` : undefined;
  },
  { pattern: pinnedForm },
);

/** The form of a directory on the nodes. */
export const pathForm = "^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+)+$";

/** An absolute path in its shortest form, and not the root. `where` it is; `root`: what is wrong with the root. */
const absolutePath = (where: string, root: string) =>
  text(
    (value) => {
      if (!value.startsWith("/")) return `"${value}" is relative; a path ${where} begins with /`;
      if (/^\/+$/.test(value)) return root;
      const parts = value.split("/").slice(1);
      if (parts.some((part) => ["", ".", ".."].includes(part)))
        return `"${value}" is not in its shortest form; write it without "//", ".", ".." and a "/" at its end`;
      return /^[A-Za-z0-9/._-]+$/.test(value)
        ? undefined
        : `"${value}" has characters other than letters, digits, "/", ".", "_" and "-"`;
    },
    { pattern: pathForm },
  );

/** A directory on the nodes. */
export const nodePath = absolutePath(
  "on the nodes",
  `"/" is the node's whole file system; name a directory in it, for instance /var/mnt/local-path`,
);

/** A file or directory of a container. */
export const containerPath = absolutePath(
  "in the container",
  `"/" is the container's whole file system; name a directory in it, for instance /opt/my-files`,
);

/** A path below a directory that is said elsewhere. */
export const relativePath = matching(
  /^(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+)*$/,
  (value) =>
    `"${value}" is not a path below the mount's; write it without "..", and without "/" at its beginning and end`,
);

export const accessMode = oneOf(["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"]);
