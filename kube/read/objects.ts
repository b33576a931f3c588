import { stackAnnotation } from "../../model/metadata";

/** The part of an object that every kind has. */
export interface Item {
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
}

/** `project/stack` whose mark an object bears. */
export const stackOf = ({ metadata }: Item): string | undefined => metadata.annotations?.[stackAnnotation];

export const nameOf = ({ metadata }: Item): string => metadata.name;

export const namespaceOf = ({ metadata }: Item): string => metadata.namespace ?? "";
