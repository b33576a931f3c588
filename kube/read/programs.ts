import type { ProgramFacts } from "../../model/preflight-facts";
import { type Item, nameOf, namespaceOf } from "./objects";

export interface ProgramItem extends Item {
  spec?: { template?: { spec?: { containers?: { image?: string }[] } } };
}

/** What a Deployment or DaemonSet runs. */
export const readProgram =
  (kind: ProgramFacts["kind"]) =>
  (item: ProgramItem): ProgramFacts => ({
    kind,
    namespace: namespaceOf(item),
    name: nameOf(item),
    images: (item.spec?.template?.spec?.containers ?? []).map(({ image = "" }) => image),
  });
