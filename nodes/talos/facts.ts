import { parseAllDocuments } from "yaml";
import { NodeAway, type NodeTarget } from "../../model/node-preparation";
import { parseTalos, talosResources } from "../../preflight/talos";
import { type TalosClient, talosClient } from "./client";
import type { DiskFacts, FoundVolume, KubeletMount, TalosNodeFacts, VolumeFacts, VolumeSpec } from "./node-facts";

const more = ["volumeconfigs", "disks", "discoveredvolumes", "systemdisk", "versions", "nodename"] as const;
type Printed = Record<(typeof talosResources)[number] | (typeof more)[number], string>;

/** Asks a node everything at once. Throws NodeAway. */
export async function askTalos(target: NodeTarget): Promise<TalosNodeFacts> {
  const client = talosClient(target);
  try {
    return await askClient(client);
  } finally {
    client.close();
  }
}

/** Throws NodeAway also where another node answers, or an answer can't be read to its end. */
export async function askClient(client: TalosClient): Promise<TalosNodeFacts> {
  const answers = await Promise.all(
    [...talosResources, ...more].map(
      async (resource) => [resource, await client.run(["get", resource, "-o", "yaml"])] as const,
    ),
  );
  const { nodename, ...facts } = readTalosNode(Object.fromEntries(answers) as Printed, client.address);
  if (nodename !== client.name)
    throw new NodeAway(
      `Talos at ${client.address} is the node ${nodename} and not ${client.name}; correct the address, or the node's ` +
        "name in cluster-storage:nodes",
    );
  return facts;
}

/** Resources of which every node has one. Without it, what is there would look as if it were not. */
const always = ["kubeletspec", "versions", "nodename"] as const;

interface Resource {
  metadata?: { id?: string };
  // Fields of many kinds.
  spec?: Record<string, unknown>;
}

const text = (value: unknown) => (typeof value === "string" ? value : "");
const number = (value: unknown) => (typeof value === "number" ? value : Number(value ?? 0) || 0);

/** Reads what `talosctl get RESOURCE -o yaml` printed. Pure. */
function readTalosNode(printed: Printed, address: string): TalosNodeFacts & { nodename: string } {
  const resources = (name: keyof Printed) =>
    parseAllDocuments(printed[name]).map((document) => {
      const { metadata, spec } = (document.toJS() ?? {}) as Resource;
      if (document.errors.length > 0 || metadata?.id === undefined || spec === undefined)
        throw new NodeAway(`talosctl's answer of the ${name} of Talos at ${address} can't be read to its end`);
      return { id: metadata.id, spec };
    });
  for (const name of always)
    if (resources(name).length === 0) throw new NodeAway(`Talos at ${address} doesn't say its ${name}`);
  const system = resources("systemdisk")[0]?.spec.devPath;
  const schematic = resources("extensions")
    .map(({ spec }) => spec.metadata as { name?: string; version?: string } | undefined)
    .find((metadata) => metadata?.name === "schematic")?.version;
  return {
    nodename: text(resources("nodename")[0]?.spec.nodename),
    version: text(resources("versions")[0]?.spec.version),
    ...(schematic !== undefined && { schematic }),
    mounts: resources("kubeletspec")
      .flatMap(({ spec }) => (Array.isArray(spec.extraMounts) ? spec.extraMounts : []))
      .map(readMount),
    seen: parseTalos(printed),
    volumes: Object.fromEntries(resources("volumestatus").map(({ id, spec }) => [id, readStatus(spec)])),
    specs: Object.fromEntries(resources("volumeconfigs").map(({ id, spec }) => [id, readSpec(spec)])),
    disks: resources("disks")
      .filter(({ spec }) => text(spec.dev_path) !== "" && spec.cdrom !== true)
      .map(({ spec }) => readDisk(spec)),
    found: resources("discoveredvolumes")
      .filter(({ spec }) => text(spec.dev_path) !== "")
      .map(({ spec }) => readFound(spec)),
    ...(text(system) !== "" && { systemDisk: text(system) }),
  };
}

function readMount({ destination, source, options }: Record<string, unknown>): KubeletMount {
  return {
    destination: text(destination),
    source: text(source),
    options: Array.isArray(options) ? options.map(text) : [],
  };
}

function readStatus(spec: Record<string, unknown>): VolumeFacts {
  const [location, parent, error] = [spec.location, spec.parentLocation, spec.errorMessage].map(text);
  return {
    phase: text(spec.phase) || "unknown",
    type: text(spec.type) || "partition",
    size: number(spec.size),
    encrypted: !["", "none"].includes(text(spec.encryptionProvider)),
    ...(location && { location }),
    ...(parent && { parent }),
    ...(error && { error }),
  };
}

function readSpec(spec: Record<string, unknown>): VolumeSpec {
  const { partitionSpec = {}, diskSelector = {} } = (spec.provisioning ?? {}) as Record<
    string,
    Record<string, unknown>
  >;
  return {
    minSize: number(partitionSpec.minSize),
    maxSize: number(partitionSpec.maxSize),
    grow: partitionSpec.grow === true,
    match: text(diskSelector.match),
  };
}

function readDisk(spec: Record<string, unknown>): DiskFacts {
  const [serial, wwid, model, transport] = [spec.serial, spec.wwid, spec.model, spec.transport].map(text);
  return {
    device: text(spec.dev_path),
    size: number(spec.size),
    readOnly: spec.readonly === true,
    ...(serial && { serial }),
    ...(wwid && { wwid }),
    ...(model && { model }),
    ...(transport && { transport }),
    rotational: spec.rotational === true,
    links: Array.isArray(spec.symlinks) ? spec.symlinks.map(text) : [],
  };
}

function readFound(spec: Record<string, unknown>): FoundVolume {
  const parent = text(spec.parent_dev_path);
  return {
    device: text(spec.dev_path),
    ...(parent && { parent }),
    size: number(spec.size),
    offset: number(spec.offset),
    name: text(spec.name),
    label: text(spec.partition_label),
  };
}
