import { matching, record, textOr } from "./fields";
import type { Registry } from "../model/registry";
import type { z } from "zod";

const part = "[a-z0-9]+([._-]+[a-z0-9]+)*";
const host = `(${part}\\.${part}|localhost|${part}(?=:[0-9]))(:[0-9]{1,5})?`;
const form = new RegExp(`^${host}(/${part})*$`);

const place = matching(form, (value) =>
  value.includes("@")
    ? "has an @ in it: a user and a password would stand in the stack file and in Pulumi's state; put them into a " +
      "Secret, and name that in imagePullSecrets (docs/where-pods-run.md)"
    : `"${value}" is no place of images; write a registry's host, with its port and a path where it has them, and ` +
      "without https:// and a / at the end, for instance harbor.lan/dockerhub",
);

const byName = record(place, form).superRefine((entries, context) => {
  for (const key of Object.keys(entries)) {
    const { error } = place.safeParse(key);
    if (error) context.addIssue({ code: "custom", path: [key], message: error.issues[0]!.message });
  }
});

/** The section `cluster-storage:registry`. */
export const registrySchema: z.ZodType<Registry> = textOr<string, Record<string, string>>(place, byName);
