// The program of a copy pod: `copy.mjs measure` or `copy.mjs copy`. The environment variable COPY holds its task.
import type { CopyTask } from "../../model/mover";
import { runOutcome } from "../outcome";
import { copy, measure } from "./copy";

void runOutcome(async (action) => {
  const task: CopyTask = JSON.parse(process.env.COPY ?? "");
  return action === "measure" ? measure(task) : copy(task);
});
