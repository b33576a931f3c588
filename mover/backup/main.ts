// The program of a backup's job. The environment variable BACKUP holds its task, BACKUP_ACT what it does with it. Exit
// code 0: there is a new point; 3: a person has to change something; 1: the next try may go well; 143: it was told to
// end. In all cases but the first there is no new point.
import { hostname } from "node:os";
import type { BackupAct, BackupTask } from "../../model/backup";
import { runJob } from "../job";
import { Api, inCluster } from "../wire/api";
import { BackupContext } from "./context";
import { prepareRestic } from "./prepare";
import { runBackup } from "./run";

const work = process.env.BACKUP_WORK ?? "/work";

void runJob(async (told) => {
  const task: BackupTask = JSON.parse(process.env.BACKUP ?? "null");
  const act = (process.env.BACKUP_ACT ?? "make") as BackupAct;
  const context = new BackupContext(new Api(inCluster()), task, { pod: hostname(), work, signal: told });
  prepareRestic(work);
  if (process.env.BACKUP_NOW !== "true") await context.wait(task.delay * 1000).catch(() => undefined);
  return runBackup(context, act, JSON.parse(process.env.BACKUP_INSPECT ?? "null") ?? undefined);
});
