// The program of the job that cares for a repository. The environment variable CARE holds its task, BACKUP_ACT what it
// does, CARE_IDS what of. Exit codes as a backup's.
import { hostname } from "node:os";
import type { CareAct } from "../../model/care";
import { prepareRestic } from "../backup/prepare";
import { runJob } from "../job";
import { Api, inCluster } from "../wire/api";
import { CareContext } from "./context";
import { runCare } from "./run";

const work = process.env.BACKUP_WORK ?? "/work";

void runJob(async (told) => {
  prepareRestic(work);
  const task = JSON.parse(process.env.CARE ?? "null");
  const context = new CareContext(new Api(inCluster()), task, { pod: hostname(), work, signal: told });
  const act = (process.env.BACKUP_ACT ?? "care") as CareAct;
  return runCare(context, act, JSON.parse(process.env.CARE_IDS ?? "[]"));
});
