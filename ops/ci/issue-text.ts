import { folded, issueOf, longestOfStack, shorten, tidy } from "./fold";
import type { Run } from "./github-run";
import type { Trouble } from "../data/troubles";

/** How one stack's cluster compares with the stack's state. */
export interface Drift {
  stack: string;
  outcome: "same" | "drift" | "failed";
  /** Whether some of the stack's data is in trouble. */
  data?: boolean;
  markdown: string;
}

export const driftTitle = "Drift: a cluster is not what its stack says";

export function describeDrift(
  stack: string,
  outcome: Drift["outcome"],
  printed: string,
  troubles: readonly Pick<Trouble, "why" | "wayOut">[] = [],
): string {
  if (outcome === "same") return `### ${stack}: the cluster is as the last update left it\n`;
  const text = shorten(tidy(printed), `npm run ci:drift -- --stack ${stack}`, longestOfStack);
  if (outcome === "failed") return `### ${stack}: could not be compared\n\n${folded("What it said", text)}\n`;
  const differs = printed === "" ? "" : `\n${folded("What differs", text)}\n`;
  const list = troubles.map(({ why, wayOut }) => `- ${why}; ${wayOut}\n`).join("");
  if (list !== "") return `### ${stack}: data is in trouble\n\n${list}${differs}`;
  return `### ${stack}: the cluster was changed outside of Pulumi\n\n${folded("What differs", text)}\n`;
}

/** The issue's text; undefined where there is nothing to say. */
export function describeAll(drifts: Drift[], run: Run): string | undefined {
  if (drifts.every(({ outcome }) => outcome === "same")) return undefined;
  const dataFirst =
    "**Data first.** Where a stack's data is in trouble, do what stands there before anything else. A " +
    "`pulumi refresh` brings nothing back: it makes the state forget a claim that is gone.";
  const advice =
    "`pulumi up` changes the cluster back; `pulumi refresh` takes the changes into the state. " +
    "This issue is updated every night, and closed when nothing differs.";
  const first = drifts.some(({ data }) => data) ? [dataFirst] : [];
  return issueOf([...first, advice, ...drifts.map(({ markdown }) => markdown.trim())], run);
}
