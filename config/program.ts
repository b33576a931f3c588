import { Hidden } from "../model/hidden";
import { checked, count, list, record, text, textFault } from "./fields";

const example = "the example's";

const encrypted = {
  type: "object",
  properties: {
    secure: { type: "string", description: "The encrypted text, as `pulumi config set --secret --path` writes it." },
  },
  required: ["secure"],
};

/** A variable's value. In the stack file a secret one is Pulumi's map with the encrypted text. */
const variable = checked<string | Hidden>({ anyOf: [{ type: "string" }, encrypted] }, (value) =>
  value instanceof Hidden ? undefined : textFault(value),
);

/** How the user's own program is run, instead of the example in the catalogue. */
export const program = {
  command: list(text()).optional().meta({
    description: "Command of your own program. Without it your own image runs its own command.",
    otherwise: example,
  }),
  args: list(text()).optional().meta({
    description: "Arguments of your own program. Without them your own image gets none.",
    otherwise: example,
  }),
  env: record(variable)
    .optional()
    .meta({
      description:
        "More environment variables of your own program, by name. They override the catalogue's. A value that is set " +
        "with `--secret` stays secret.",
      otherwise: "none",
    }),
  port: count(1, 65_535).optional().meta({
    description: "Port that your own program answers on; the probes ask whether it does.",
    otherwise: "the catalogue's",
  }),
};
