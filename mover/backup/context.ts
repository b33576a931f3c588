import type { BackupTask } from "../../model/backup";
import type { Leaving } from "../leave/leaving";
import { pathsOf } from "../orchestrate/paths";
import type { Api } from "../wire/api";
import { RepositoryContext, type RunOptions } from "./repository-context";

/** What every step of a backup needs. Its `work` is where the data is staged. */
export class BackupContext extends RepositoryContext<BackupTask> implements Leaving {
  readonly act = "backup";
  readonly arrival = "this pod's staging directory";
  readonly paths: ReturnType<typeof pathsOf>;

  constructor(api: Api, task: BackupTask, options: RunOptions) {
    super(api, task, options);
    this.paths = pathsOf({ ...task, job: "" });
  }

  get service(): string {
    return this.task.service;
  }
}
