/** What a namespace lets its pods and claims have. */

export interface QuotaFacts {
  namespace: string;
  name: string;
  /** Quantities by resource, such as `requests.storage`. */
  hard: Record<string, string>;
  used: Record<string, string>;
  /** Which pods it counts: those that all of these hold for. Absent: all. */
  scopes?: QuotaScope[];
}

export interface QuotaScope {
  /** Such as `Terminating` or `PriorityClass`. */
  scope: string;
  operator: string;
  values: string[];
}

export interface LimitRangeFacts {
  namespace: string;
  name: string;
  /** `PersistentVolumeClaim`, `Container` or `Pod`. */
  type: string;
  min: Record<string, string>;
  max: Record<string, string>;
  /** What a container gets as its limit where it states none. */
  defaults?: Record<string, string>;
  /** What a container asks for where it states neither a request nor a limit. */
  defaultRequests?: Record<string, string>;
  /** By how much a limit may exceed the request. */
  ratios?: Record<string, string>;
}
