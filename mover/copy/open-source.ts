import type { CopyTask } from "../../model/mover";
import { RemoteSource } from "../wire/remote-source";
import { MountedSource } from "./mounted-source";
import type { Source } from "./source";

export const openSource = (task: CopyTask): Source =>
  task.remote ? new RemoteSource(task, task.remote) : new MountedSource(task);
