import { damagePrefix, type Damage } from "../../model/care";
import type { Kube } from "../../kube/client";
import { count } from "../../model/quantity";
import { named } from "../terminal/ask";
import type { BackedUpService } from "./decide";
import { careJob } from "./forget";
import { runNow } from "./job";

/**
 * Reads all data of the repository, and where some is damaged keeps what can be kept of it, in the order that restic's
 * manual gives. `backUp`: makes new points, which may bring back what is lost. Returns the exit code.
 */
export async function repairNow(
  kube: Kube,
  chosen: readonly BackedUpService[],
  say: (line: string) => void,
  { yes, backUp }: { yes?: boolean; backUp: () => Promise<number> },
): Promise<number> {
  const lines: string[] = [];
  const tell = (line: string) => (line.startsWith(damagePrefix) ? void lines.push(line) : say(line));
  const failed = async (act: "check" | "repair" | "mend", ids: string[] = []) => {
    const why = await runNow(kube, careJob(chosen), { act, ids }, tell);
    if (why !== undefined) process.stderr.write(`${why}\n`);
    return why !== undefined;
  };
  if (await failed("check")) return 1;
  const [line] = lines;
  if (line === undefined) return 0;
  const damage = JSON.parse(line.slice(damagePrefix.length)) as Damage;
  say(repairText(damage));
  await named("Type repair:", "repair", { ...(yes && { yes }), untouched: "the repository is as it was" });
  if (await failed("repair", damage.packs)) return 1;
  // What is the same in the services as in a lost part of a point comes back with this. What fails here is told of.
  const backedUp = await backUp();
  return (await failed("mend")) ? 1 : backedUp;
}

/** What is wrong, and what a repair does. */
const repairText = ({ packs, said }: Damage): string =>
  `the repository is damaged: ${said}\n` +
  (packs.length > 0 ? `${count(packs.length, "file")} of it can't be read whole.\n` : "") +
  "A repair takes the damaged files out and keeps what can be read of them, backs all services up once more, and " +
  "then takes out of the points what is lost, which it names. Where the damage is a disk's, move the repository " +
  "first, and keep a copy of it as it is.";
