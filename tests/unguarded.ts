import type { ArrivalGuard } from "../components/arrival";
import type { MoveRights } from "../model/move-rights";

/** What services are given where there is no cluster that could be asked. */
export const unguarded: { guard: ArrivalGuard; rights: MoveRights } = {
  guard: () => [],
  rights: { give: async () => undefined, take: async () => undefined },
};
