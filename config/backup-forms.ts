import type { z } from "zod";
import type { Hidden } from "../model/hidden";
import { cronFault } from "./cron";
import { matching, text } from "./fields";
import { sealedOnly } from "./settings/container";

/** The forms of values that the section `cluster-storage:backups` has in several places. */

/**
 * A value that has to be set as a secret. `what` it is, and its `key` in the section. `input`: how the command gets one
 * that has several lines.
 */
export const secret = (what: string, key: string, input = "") =>
  sealedOnly(what, `'cluster-storage:backups.repository.${key}'${input}`);

/** The words for schedules that need no more thought. */
const words: Readonly<Record<string, string>> = { hourly: "0 * * * *", daily: "0 2 * * *" };

/** A schedule as Kubernetes takes it. */
export const schedule = text((value) => (value in words ? undefined : scheduleFault(value)), {
  anyOf: [{ enum: Object.keys(words) }, { pattern: /^(\S+\s+){4}\S+$/.source }],
}).transform((value) => words[value] ?? value);

function scheduleFault(value: string): string | undefined {
  const fault = cronFault(value);
  return fault !== undefined && !/\s/.test(value.trim())
    ? `"${value}" is not a schedule; write ${Object.keys(words).join(", ")}, or cron's five fields, for instance ` +
        '"0 3 * * *"'
    : fault;
}

const urlForm = /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/;

/** The address of a server, without what is secret. */
export const url = (example: string) =>
  text(
    (value) => {
      if (/^https?:\/\/[^/]*@/.test(value))
        return `has an @ in it: what logs in has keys of its own here; an address is for instance ${example}`;
      return urlForm.test(value) && URL.canParse(value)
        ? undefined
        : `"${value}" is not the address of a server; one is for instance ${example}`;
    },
    { pattern: urlForm.source },
  );

export const user = matching(/^[^:@/\s]+$/, (value) => `"${value}" is no name of a user`);

/** A user has a password, and a password a user. */
export function bothOrNone(
  { user: name, password }: { user?: string; password?: Hidden },
  context: z.RefinementCtx,
): void {
  const [missing] = name === undefined ? ["user"] : password === undefined ? ["password"] : [];
  if (missing !== undefined && (name ?? password) !== undefined)
    context.addIssue({ code: "custom", path: [missing], message: "is missing" });
}

/** Refuses an object without any of its keys. `message`: what to write. */
export const notEmpty = (message: string) => (value: object, context: z.RefinementCtx) => {
  if (Object.values(value).every((each) => each === undefined)) context.addIssue({ code: "custom", message });
};
