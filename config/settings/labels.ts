import { z } from "zod";
import { checked, filledList, list, matching, object, oneOf, record, show, text, textFault } from "../fields";
import { nameForm } from "../forms";

/** Kubernetes' labels: their keys, their values, and what selects by them. */

const keyName = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** What is wrong with the key of a label or an annotation; undefined where nothing is. */
export function keyFault(key: string): string | undefined {
  const parts = key.split("/");
  const [name = "", prefix] = [...parts].reverse();
  if (parts.length <= 2 && keyName.test(name) && (prefix === undefined || nameForm.test(prefix))) return undefined;
  return (
    `"${key}" is refused by Kubernetes; a key has at most 63 letters, digits, "-", "_" and ".", with a letter or ` +
    "digit at both ends, and may have a domain before it, as in example.com/disk"
  );
}

/** A label's key. */
export const labelKey = text(keyFault);

const valueForm = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

export const labelValue = matching(
  valueForm,
  (value) =>
    `"${value}" is refused by Kubernetes; a label's value has at most 63 letters, digits, "-", "_" and ".", with a ` +
    "letter or digit at both ends",
);

/** A map whose keys have a rule of their own. `keyWrong`: what is wrong with a key. */
export function keyed(value: z.ZodType<string>, keyWrong: (key: string) => string | undefined) {
  return record(value).superRefine((entries, context) => {
    for (const key of Object.keys(entries)) {
      const message = keyWrong(key);
      if (message) context.addIssue({ code: "custom", path: [key], message });
    }
  });
}

export const labelMap = keyed(labelValue, keyFault);

const listless = ["Exists", "DoesNotExist"];
const compares = ["Gt", "Lt"];

function requirement<const Operators extends readonly [string, ...string[]]>(
  key: z.ZodType<string>,
  operators: Operators,
) {
  return object({
    key,
    operator: oneOf(operators),
    values: list(text()).optional(),
  }).superRefine(({ operator, values = [] }, context) => {
    const wrong = (message: string) => context.addIssue({ code: "custom", path: ["operator"], message });
    if (listless.includes(operator) && values.length > 0) wrong(`${operator} takes no values; leave values out`);
    if (compares.includes(operator) && !(values.length === 1 && /^-?\d+$/.test(values[0]!)))
      wrong(`${operator} compares with one whole number; name it in values, for instance ["4"]`);
    if (["In", "NotIn"].includes(operator) && values.length === 0) wrong(`${operator} needs values; name at least one`);
  });
}

const ofLabels = requirement(labelKey, ["In", "NotIn", "Exists", "DoesNotExist"]);
const ofNodes = requirement(labelKey, ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]);
const fieldName = text((key) =>
  key === "metadata.name"
    ? undefined
    : `"${key}" is no field that nodes are selected by; the only one is metadata.name`,
);
const ofFields = requirement(fieldName, ["In", "NotIn"]);

export const labelSelector = object({
  matchLabels: labelMap.optional(),
  matchExpressions: list(ofLabels).optional(),
});

/** A term without expressions selects no node. */
export const nodeTerm = object({
  matchExpressions: filledList(ofNodes, "name a label of the nodes").optional(),
  matchFields: filledList(ofFields, "name the nodes by metadata.name").optional(),
}).superRefine(({ matchExpressions, matchFields }, context) => {
  if (!matchExpressions && !matchFields)
    context.addIssue({
      code: "custom",
      message: "is empty, and so matches no node; write matchExpressions with a label of the nodes",
    });
});

/** A Secret or a class by its name alone, where a person may write an object or a value. */
export const nameOnly = (what: string) =>
  checked<string>({ type: "string", pattern: nameForm.source }, (value) => {
    if (typeof value !== "string")
      return typeof value === "object" && value !== null
        ? `must be the name of ${what}, not ${show(value)}; write the name alone`
        : textFault(value);
    return nameForm.test(value)
      ? undefined
      : `must be the name of ${what}, which has only lower-case letters, digits, "-" and "."`;
  });
