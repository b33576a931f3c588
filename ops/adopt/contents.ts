import { coerce } from "semver";
import type { DataLayout, LiveContainer, Refusal, ServiceSpec } from "../../model/service-spec";
import { imageParts } from "../../services/shared/live-containers";
import type { Entry, Listing } from "./listing";

/** Data of an engine in a directory of a volume. */
export interface Found {
  /** "" for the volume's root. */
  directory: string;
  /** The engine's version, where its files say it. */
  version?: string;
  /** A file or directory by which it was known. */
  mark: Entry;
}

/** What a service's data looks like, and where it looks for it on its claim. */
export interface Sought {
  service: string;
  namespace: string;
  claim: string;
  layout: DataLayout;
  /** The service's container as it is planned. */
  container: LiveContainer;
  /** A CSI driver made the volume, so the kubelet gives the files to the service's group. */
  csi: boolean;
  /** A live workload of the claim said how it uses the data, and nothing was wrong with that. */
  told: boolean;
}

/** Where a listing has data with these marks: the engine's directory and version. */
export function findData({ entries, versions }: Listing, { marks }: DataLayout): Found[] {
  const found = new Map<string, Found>();
  for (const mark of entries) {
    const [directory, name] = split(mark.path);
    if (!marks.includes(name) || found.has(directory)) continue;
    const version = versions[directory];
    found.set(directory, { directory, mark, ...(version !== undefined && { version }) });
  }
  return [...found.values()];
}

function split(path: string): [directory: string, name: string] {
  const at = path.lastIndexOf("/");
  return at < 0 ? ["", path] : [path.slice(0, at), path.slice(at + 1)];
}

/** Why the service could not go on with what is on the volume, or would not find it. */
export function refuseContents(
  sought: Sought,
  listing: Listing,
  services: ReadonlyMap<string, ServiceSpec>,
): Refusal[] {
  const found = findData(listing, sought.layout);
  const [first] = found;
  if (!first) return refuseStrange(sought, listing, services);
  const [only, other] = found.filter(({ directory }) => looksIn(sought)(directory));
  if (!only) return [refusePlace(sought, first)];
  if (other)
    return [
      {
        why: `it has data in more than one place: ${found.map(describe).join(", ")}`,
        wayOut: "stop what uses it, and leave only the directory that is meant, with a pod that mounts it",
      },
    ];
  return [...refuseVersion(sought, only), ...refuseOwner(sought, only), ...refuseLeft(sought, listing)];
}

const where = (directory: string) => (directory === "" ? "its root" : `the directory ${directory}`);
const describe = ({ directory, version }: Found) => `${where(directory)}${version ? ` (version ${version})` : ""}`;

const ownDirectory = ({ container, claim }: Sought) =>
  container.mounts?.find((mount) => mount.claim === claim)?.subPath ?? "";

const looksIn = (sought: Sought) =>
  sought.layout.finds?.is ?? ((directory: string) => directory === ownDirectory(sought));

function refusePlace(sought: Sought, { directory }: Found): Refusal {
  const own = sought.layout.finds?.words ?? where(ownDirectory(sought));
  const to = sought.layout.finds?.make ?? ownDirectory(sought);
  return {
    why: `its data is in ${where(directory)}, and ${sought.service} looks in ${own}`,
    wayOut:
      "stop what uses it, and move the data " +
      `${to === "" ? "to its root" : `to the directory ${to}`} with a pod that mounts it`,
  };
}

/** Only PostgreSQL's files say a version in words. */
function refuseVersion({ service, container: { image = "" } }: Sought, { version }: Found): Refusal[] {
  const [major, wanted] = [coerce(version)?.major, coerce(imageParts(image).tag)?.major];
  if (major === undefined || wanted === undefined || major === wanted) return [];
  return [
    {
      why: `it has the files of PostgreSQL ${version}, and PostgreSQL ${wanted} can't open them`,
      wayOut: `set services.${service}.image to one of PostgreSQL ${version}`,
    },
  ];
}

function refuseOwner({ service, claim, namespace, layout, container, csi }: Sought, { mark }: Found): Refusal[] {
  const { uid = mark.uid } = container;
  const [group, others] = [(mark.mode >> 3) & 6, mark.mode & 6];
  const open = csi || others === 6 || (mark.gid === uid && group === 6);
  if (mark.uid === uid || (open && !layout.ownerOnly)) return [];
  return [
    {
      why: `its files belong to user ${mark.uid}, and ${service} runs as user ${uid}`,
      wayOut:
        mark.uid === 0
          ? `give them to user ${uid} (chown -R ${uid}:${uid}), from a pod that runs as root and has the claim ` +
            `${claim} ` +
            `of namespace ${namespace} (docs/adopting.md)`
          : `set services.${service}.uid to ${mark.uid}`,
    },
  ];
}

/** A database of its own that the service doesn't use in the stack. */
function refuseLeft(sought: Sought, { entries }: Listing): Refusal[] {
  const { service, layout, told } = sought;
  const file = layout.leftBehind;
  const path = [ownDirectory(sought), file].filter(Boolean).join("/");
  if (told || !file || !entries.some((entry) => entry.path === path && entry.size > 0)) return [];
  return [
    {
      why: `${path} is on it, and ${service} keeps its data in PostgreSQL and would start empty`,
      wayOut:
        'take its data along while its old workload runs (docs/adopting.md, "n8n and Flowise with SQLite"), or ' +
        "rename " +
        `the file if it is not in use any more`,
    },
  ];
}

/** Files among which is no data of the service. */
function refuseStrange(
  { service, layout }: Sought,
  listing: Listing,
  services: ReadonlyMap<string, ServiceSpec>,
): Refusal[] {
  const others = [...services.values()].filter(({ data, name }) => data?.alone && name !== service);
  const foreign = others.find(({ data }) => data && findData(listing, data).length > 0);
  const take = "give the service another claim, or take the files away with a pod that mounts it";
  if (foreign)
    return [{ why: `it has files of ${foreign.engine?.name ?? foreign.name}, not of ${service}`, wayOut: take }];
  const names = listing.entries.flatMap(({ path }) => (/^(|.*\/.*|lost\+found)$/.test(path) ? [] : path));
  if (!layout.alone || names.length === 0) return [];
  const shown = `${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`;
  return [
    { why: `it has files (${shown}) but no data of ${service}, which would start empty beside them`, wayOut: take },
  ];
}
