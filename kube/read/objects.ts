import { stackAnnotation } from "../../model/metadata";

/** What every kind of object has. The API says times as text; the client library makes dates of them. */
export interface Item {
  metadata?: {
    name?: string;
    namespace?: string;
    uid?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    creationTimestamp?: string | Date;
    deletionTimestamp?: string | Date;
  };
}

/** `project/stack` whose mark an object bears. */
export const stackOf = ({ metadata }: Item): string | undefined => metadata?.annotations?.[stackAnnotation];

export const nameOf = ({ metadata }: Item): string => metadata?.name ?? "";

export const namespaceOf = ({ metadata }: Item): string => metadata?.namespace ?? "";

export const isDeleting = ({ metadata }: Item): boolean => Boolean(metadata?.deletionTimestamp);

/** When an object was made, as an ISO time. */
export const createdOf = ({ metadata }: Item): string | undefined =>
  metadata?.creationTimestamp && new Date(metadata.creationTimestamp).toISOString();
