import { z } from "zod";
import { suggest } from "../model/nearest";
import { image, list, nonEmpty, object } from "./fields";

/** The section `cluster-storage:preflight`. `ids`: the checks that there are. */
export function preflightSchema(ids: readonly string[]) {
  const check = z.string().refine((id) => ids.includes(id), {
    error: (issue) => `no check "${String(issue.input)}"; ${suggest(String(issue.input), ids)}`,
  });
  return object({
    /** Checks whose crosses don't count, each with the reason why not. */
    skip: list(object({ check, reason: nonEmpty("say why this check doesn't matter here") })).default([]),
    /** Runs the probe pods: a shell with cat, df and ls. */
    probeImage: image.default("busybox:1.37.0-musl"),
  });
}
