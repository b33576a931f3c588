/** What the local cluster makes where no image of a service can be pulled. Types only. */

/** What a stand-in takes over of its service. */
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

/** What a stand-in has that nothing else says of the service. */
export interface StandInTraits {
  /** A file that every record request is noted in. */
  log?: string;
  /** What the process that serves is called where it isn't the image's first one, which only starts it. */
  process?: string;
}

/** The real program, by a recipe of the local cluster, or a stand-in. */
export type LocalImage = { recipe: string } | { standIn: StandIn };
