/** What a namespace lets its pods and claims have. */

export interface QuotaFacts {
  namespace: string;
  name: string;
  /** Quantities by resource, such as `requests.storage`. */
  hard: Record<string, string>;
  used: Record<string, string>;
  /** It counts only some pods, such as those of a priority. */
  scoped?: boolean;
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
}
