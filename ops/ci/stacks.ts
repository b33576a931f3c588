import { readdirSync } from "node:fs";
import { checkout } from "../pulumi/project";

/** The names of the committed stacks, in order. */
export const committedStacks = () =>
  readdirSync(checkout)
    .flatMap((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
