import type { ChartPlan } from "./chart-plan";
import type { InstalledRights, Kinds } from "./rights";

/**
 * The part of a backend's installation that the rest of the program has to know. A backend adds what its own component
 * needs; nothing else reads that. Types only.
 */
export interface InstallPlan {
  /** The namespace that is made for it. Its pods may work on the nodes' file systems. Absent: it makes none. */
  namespace?: string;
  /** The kinds of objects that an update makes for it: those in its own namespace, and all others. */
  makes: { cluster: Kinds; namespace?: Kinds };
  /** What the roles that this program makes for it allow. Absent: it makes none; a chart brings roles of its own. */
  rights?: InstalledRights;
  /** The Helm charts that it installs, in order. Absent: none. */
  charts?: ChartPlan[];
  /** What a reviewer sees of it in the golden plan, such as its images. */
  shown?: Record<string, unknown>;
}
