import type { CareTask } from "../../model/care";
import { RepositoryContext } from "../backup/repository-context";

/** What every step of a repository's care needs. */
export class CareContext extends RepositoryContext<CareTask> {
  readonly act = "care";
}
