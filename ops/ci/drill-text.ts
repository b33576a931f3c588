import { folded, issueOf, longestOfStack, shorten, tidy } from "./fold";
import type { Run } from "./github-run";

/** What the drill of one stack's backups came to. `none`: the stack has no backups. */
export interface DrillReport {
  stack: string;
  outcome: "proven" | "unproven" | "none";
  markdown: string;
}

export const drillTitle = "Drill: a backup is not proven";

const titles: Record<DrillReport["outcome"], string> = {
  proven: "every backup was restored, started and read",
  unproven: "not every backup is proven",
  none: "it has no backups",
};

/** A stack's part of the issue. `printed`: what the drill said. */
export function describeDrill(stack: string, outcome: DrillReport["outcome"], printed: string): string {
  const title = `### ${stack}: ${titles[outcome]}\n`;
  if (outcome === "none") return title;
  const text = shorten(tidy(printed), `npm run drill -- --stack ${stack}`, longestOfStack);
  return `${title}\n${folded("What the drill said", text)}\n`;
}

/** The issue's text; undefined where every backup is proven. */
export function describeDrills(drills: readonly DrillReport[], run: Run): string | undefined {
  const unproven = drills.filter(({ outcome }) => outcome === "unproven");
  if (unproven.length === 0) return undefined;
  const advice =
    "**A backup that can't be restored is none.** Find out today why it isn't proven; docs/backups.md has a section " +
    "on drills. This issue is updated by each drill, and closed when every backup is proven.";
  return issueOf([advice, ...unproven.map(({ markdown }) => markdown.trim())], run);
}
