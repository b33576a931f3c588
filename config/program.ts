import { count, list, text } from "./fields";

/** How the user's own program is run, instead of the example in the catalogue. */
export const program = {
  command: list(text()).optional().meta({
    description: "Command of your own program. Without it your own image runs its own command.",
    otherwise: "the example's",
  }),
  port: count(1, 65_535).optional().meta({
    description: "Port that your own program answers on; the probes ask whether it does.",
    otherwise: "the catalogue's",
  }),
};
