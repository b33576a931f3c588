import { parseAllDocuments } from "yaml";
import type { TalosFacts } from "../model/node-facts";

/** What talosctl is asked: read-only resources without secrets in them. */
export const talosResources = ["extensions", "volumestatus", "kubeletspec"] as const;

type Printed = Record<(typeof talosResources)[number], string>;

interface Resource {
  metadata?: { id?: string };
  spec?: {
    metadata?: { name?: string };
    phase?: string;
    encryptionProvider?: string;
    extraMounts?: { destination?: string }[];
  };
}

/** Reads what `talosctl get RESOURCE -o yaml` printed for one node. */
export function parseTalos(printed: Printed): TalosFacts {
  const [extensions, volumes, kubelet] = talosResources.map((name) =>
    parseAllDocuments(printed[name]).map((document) => (document.toJS() ?? {}) as Resource),
  );
  const userVolumes = (volumes ?? []).flatMap(({ metadata, spec }) =>
    metadata?.id?.startsWith("u-") ? [[metadata.id.slice(2), spec?.phase ?? "unknown"]] : [],
  );
  return {
    extensions: (extensions ?? []).flatMap(({ spec }) => spec?.metadata?.name ?? []),
    userVolumes: Object.fromEntries(userVolumes) as Record<string, string>,
    encrypted: (volumes ?? []).flatMap(({ metadata, spec }) =>
      metadata?.id && spec?.encryptionProvider && spec.phase === "ready" ? [metadata.id] : [],
    ),
    extraMounts: (kubelet ?? [])
      .flatMap(({ spec }) => spec?.extraMounts ?? [])
      .flatMap(({ destination }) => destination ?? []),
  };
}
