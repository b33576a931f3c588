/** What the local cluster makes when the image of a service can't be pulled. Types only. */

/** What a stand-in takes over from its service. */
export interface StandIn extends StandInTraits {
  /** `uid:gid`. */
  user: string;
  /** The port that answers the probes and keeps records. */
  http: number;
  /** Ports that only accept connections. */
  tcp: number[];
  /** Paths that answer 200. */
  probes: string[];
  /** Where the records go: the service's volume. */
  data: string;
  /** Further directories that the real service can't start without. */
  writable: string[];
}

/** What a stand-in has that nothing else states about the service. */
export interface StandInTraits {
  /** A file in which every record request is logged. */
  log?: string;
  /** The name of the process that serves, if the image's first process only starts it. */
  process?: string;
  /**
   * The path of the image's own start, where the catalogue's command runs it: a script that starts `process`, and ends
   * at once when it is told to. Absent: a first process that waits.
   */
  start?: string;
}

/** A recipe of the local cluster, which makes a service's real program. */
export interface LocalRecipe {
  /** A key of `recipes` in local-cluster/images/images.ts. */
  name: string;
  /** It takes minutes, so a stand-in answers unless `npm start -- --real` asks for it. Default: false. */
  onlyReal?: boolean;
}

/** The real program, by a recipe of the local cluster, or a stand-in. */
export type LocalImage = { recipe: string } | { standIn: StandIn };
