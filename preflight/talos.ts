import { parseAllDocuments } from "yaml";
import type { TalosFacts, TalosVolume, TalosVolumeKind } from "../model/node-facts";

/** What talosctl is asked: read-only resources without secrets in them. */
export const talosResources = ["extensions", "volumestatus", "kubeletspec"] as const;

type Printed = Record<(typeof talosResources)[number], string>;

interface Resource {
  metadata?: { id?: string };
  spec?: {
    metadata?: { name?: string };
    phase?: string;
    type?: string;
    encryptionProvider?: string;
    extraMounts?: { destination?: string }[];
  };
}

/** How an id begins: siderolabs/talos, pkg/machinery/constants/constants.go, UserVolumePrefix and its neighbours. */
const kinds: Partial<Record<string, TalosVolumeKind>> = { u: "user", e: "existing", x: "external", r: "raw" };

/** A volume that the machine config asks for; an empty list for Talos' own ones, such as EPHEMERAL. */
function readVolume({ metadata: { id = "" } = {}, spec }: Resource): TalosVolume[] {
  const [, letter = "", name = ""] = /^([a-z])-(.+)$/.exec(id) ?? [];
  const kind = kinds[letter];
  if (!kind) return [];
  const directory = spec?.type === "directory";
  return [{ id, kind, name, phase: spec?.phase ?? "unknown", ...(directory && { directory }) }];
}

/** Reads what `talosctl get RESOURCE -o yaml` printed for one node. */
export function parseTalos(printed: Printed): TalosFacts {
  const [extensions, volumes, kubelet] = talosResources.map((name) =>
    parseAllDocuments(printed[name]).map((document) => (document.toJS() ?? {}) as Resource),
  );
  return {
    extensions: (extensions ?? []).flatMap(({ spec }) => spec?.metadata?.name ?? []),
    volumes: (volumes ?? []).flatMap(readVolume),
    encrypted: (volumes ?? []).flatMap(({ metadata, spec }) =>
      metadata?.id && spec?.encryptionProvider && spec.phase === "ready" ? [metadata.id] : [],
    ),
    extraMounts: (kubelet ?? [])
      .flatMap(({ spec }) => spec?.extraMounts ?? [])
      .flatMap(({ destination }) => destination ?? []),
  };
}
