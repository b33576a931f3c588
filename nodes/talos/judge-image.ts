import { diff, lt, parse } from "semver";
import type { StepState } from "../../model/node-preparation";
import { joined } from "../../model/words";
import type { TalosConfig } from "./config";
import type { TalosNodeFacts } from "./node-facts";

/** Whether the node's image is what the config says, and whether it may be replaced. Pure. */

type Running = Pick<TalosNodeFacts, "version" | "schematic" | "seen">;
export type ImageLine = Pick<TalosConfig, "extensions" | "image">;

const lackingOf = ({ extensions }: ImageLine, { seen }: Running) =>
  extensions.filter((name) => !seen.extensions.includes(name));

/** For a node whose image is installed by a person. */
export function judgeExtensions(line: ImageLine, facts: Running): Pick<StepState, "state" | "why"> {
  const lacking = lackingOf(line, facts);
  if (lacking.length === 0) return { state: "done" };
  return {
    state: "refused",
    why:
      `the node lacks ${joined(lacking)}, and extensions come with Talos' image. ` +
      (line.image
        ? `Install it: talosctl -n NODE upgrade --image ${line.image}; or write upgrade: true, and the update does`
        : "Have the image factory make one that has them (docs/talos.md#longhorn), and write it as image"),
  };
}

/** For a node whose image the update installs. `notReady`: the cluster's other nodes that aren't Ready. */
export function judgeUpgrade(
  line: ImageLine,
  facts: Running,
  notReady: readonly string[],
): Pick<StepState, "state" | "why" | "note"> {
  const refused = (why: string) => ({ state: "refused" as const, why });
  const [, schematic = "", wanted = ""] = /\/([^/:]+):(v[^:/]+)$/.exec(line.image ?? "") ?? [];
  const [running, next] = [parse(facts.version), parse(wanted)];
  if (!running || !next) return refused(`Talos says that its version is "${facts.version}", which can't be compared`);
  const lacking = lackingOf(line, facts);
  const made = /^[0-9a-f]{64}$/.test(schematic);
  const same = running.compare(next) === 0 && (!made || facts.schematic === schematic);
  if (same && lacking.length === 0) return { state: "done" };
  if (same)
    return refused(
      `the node runs this image, and lacks ${joined(lacking)}: the image doesn't have it. Have the image ` +
        `factory make ` +
        "one that does (docs/talos.md#longhorn), and write it as image",
    );
  if (lt(next, running))
    return refused(
      `the node runs ${facts.version}, and image is ${wanted}: the update never installs a lower version. Name an ` +
        `image of ${facts.version} or a higher one`,
    );
  if (
    ["minor", "major"].includes(diff(running, next) ?? "") &&
    (next.major > running.major || next.minor > running.minor + 1)
  )
    return refused(
      `the node runs ${facts.version}, and Talos is upgraded from each minor version to the next. Name an image of ` +
        `v${running.major}.${running.minor + 1} first`,
    );
  if (notReady.length > 0)
    return refused(
      `${joined(notReady)} ${notReady.length === 1 ? "is" : "are"} not Ready, and a node is restarted only while all ` +
        "others are. Bring the others back first",
    );
  return { state: "missing", note: `it runs ${facts.version}, and is drained and restarted` };
}
