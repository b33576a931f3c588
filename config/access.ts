import { z } from "zod";
import { accessRoles } from "../model/access";
import { checked, list, object, oneOf, show } from "./fields";
import { dnsLabel, dnsName } from "./forms";

/** Groups that everybody is in, also who has not logged in: a right for them is a right for the whole network. */
const everybody = ["system:authenticated", "system:unauthenticated", "system:anonymous", "system:serviceaccounts"];

const subjectName = checked<string>({ type: "string", minLength: 1 }, (value) => {
  if (typeof value !== "string" || value.trim() === "")
    return `must name a user, a group or an account, not ${show(value)}`;
  return everybody.includes(value)
    ? `"${value}" is everybody who reaches the cluster; name a group of people, or an account`
    : undefined;
});

const subject = object({
  kind: oneOf(["User", "Group", "ServiceAccount"]).describe("What is given the rights, in Kubernetes' words."),
  name: subjectName.describe("Its name, as the cluster knows it from the login."),
  namespace: dnsLabel.optional().meta({ description: "The namespace of a ServiceAccount.", otherwise: "–" }),
  in: list(dnsLabel)
    .optional()
    .meta({ description: "The namespaces of services in which it has the rights.", otherwise: "all of the stack's" }),
}).superRefine(({ kind, name, namespace }, context) => {
  const wrong = kind === "ServiceAccount" ? dnsName.safeParse(name).error?.issues[0]?.message : undefined;
  if (wrong) context.addIssue({ code: "custom", path: ["name"], message: wrong });
  if (kind === "ServiceAccount" && namespace === undefined)
    context.addIssue({
      code: "custom",
      path: ["namespace"],
      message: "is missing",
    });
  if (kind !== "ServiceAccount" && namespace !== undefined)
    context.addIssue({
      code: "custom",
      path: ["namespace"],
      message: `a ${kind} is in no namespace; leave the key out, or use in for where it has the rights`,
    });
});

const meanings = {
  view: "Who sees objects, and neither Secrets, logs nor data.",
  operate: "Who also reads logs and restarts pods.",
  restore: "Who also runs commands and pods in the namespace, and so reads and writes all data and passwords there.",
};

/** The section `cluster-storage:access`: Roles in the services' namespaces, and who has them. */
export const accessSchema = object(
  Object.fromEntries(accessRoles.map((role) => [role, list(subject).default([]).describe(meanings[role])])) as Record<
    (typeof accessRoles)[number],
    z.ZodDefault<z.ZodArray<typeof subject>>
  >,
);
