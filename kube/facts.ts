import {
  selectedNodeAnnotation,
  stackAnnotation,
  switchedOffAnnotation,
  unprotectedAnnotation,
} from "../model/metadata";
import type { ClusterFacts } from "../model/cluster-facts";

/** What of the API server's answers the plan goes by. */

const defaultAnnotations = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

interface Metadata {
  name: string;
  namespace?: string;
  uid?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  deletionTimestamp?: string;
}

export interface ClassList {
  items: { metadata: Metadata; allowVolumeExpansion?: boolean }[];
}

export interface ClaimList {
  items: {
    metadata: Metadata;
    spec?: {
      storageClassName?: string;
      volumeName?: string;
      accessModes?: string[];
      resources?: { requests?: { storage?: string } };
    };
    status?: { phase?: string };
  }[];
}

export function readClasses({ items }: ClassList): ClusterFacts["classes"] {
  return items.map(({ metadata: { name, annotations = {} }, allowVolumeExpansion = false }) => ({
    name,
    isDefault: defaultAnnotations.some((key) => annotations[key] === "true"),
    switchedOffBy: annotations[switchedOffAnnotation],
    expand: allowVolumeExpansion,
  }));
}

/** A claim that is on its way out is no longer anybody's. */
export function readClaims({ items }: ClaimList): ClusterFacts["claims"] {
  const there = items.filter(({ metadata }) => !metadata.deletionTimestamp);
  return there.map(({ metadata: { name, namespace = "", labels = {}, annotations = {} }, spec = {}, status = {} }) => ({
    namespace,
    name,
    service: labels["app.kubernetes.io/name"] ?? "",
    owner: annotations[stackAnnotation],
    className: spec.storageClassName,
    volumeName: spec.volumeName,
    accessModes: spec.accessModes ?? [],
    node: annotations[selectedNodeAnnotation],
    size: spec.resources?.requests?.storage ?? "",
    bound: status.phase === "Bound",
    unprotected: annotations[unprotectedAnnotation] === "true",
  }));
}

export interface NodeList {
  items: { metadata: Metadata }[];
}

export const readNodes = ({ items }: NodeList) => items.map(({ metadata }) => metadata.name);

/** The cluster's identity, out of its kube-system namespace. */
export function readIdentity({ metadata }: { metadata?: Metadata }): string | undefined {
  return metadata?.uid;
}
