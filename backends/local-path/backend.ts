import { gte, valid } from "semver";
import { z } from "zod";
import { count, dnsName, flag, image, list, nodePath, nonEmpty, object, oneOf } from "../../config/fields";
import type { AccessMode, BackendPlan, Capabilities, ClassPlan } from "../../model/storage";
import type { Fault } from "../../model/plan";
import { localPathChecks } from "./checks";
import { provisionerRights } from "./rights";
import type { InstalledRights } from "../../model/rights";
import { helperPod, setupScript, teardownScript } from "./scripts";
import { className, classSettings, planClass } from "../shared/classes";
import type { Backend, ClaimDecision, ClaimRequest } from "../../model/backend";

/** The first version without the holes of CVE-2025-62878 and CVE-2026-44543. */
const floor = "v0.0.36";
/** From these versions on: rates of the API client; health endpoints, and owner and mode per volume. */
const withClientRates = "v0.0.32";
const withHealthAndOwners = "v0.0.37";

const version = nonEmpty("a version is for instance v0.0.37");

const schema = object({
  type: z.literal("local-path"),
  /** Where volumes are kept, on every node that `nodes` doesn't name. */
  path: nodePath.optional(),
  /** Paths of single nodes; one of several is picked at random, none at all keeps volumes off the node. */
  nodes: z.record(z.string(), list(nodePath)).default({}),
  ...classSettings,
  /** Whether the paths may lie on the nodes' own disks; otherwise each has to be a mount of its own. */
  sharedDisk: flag.default(false),
  /** What it means that claims may grow to more than the disks have: no update, or a warning. */
  overCommit: oneOf(["refuse", "warn"]).default("refuse"),
  version: version.default("v0.0.37"),
  image: image.optional(),
  /** Makes and removes the directories; a shell with mkdir, chown, chmod and rm. */
  helperImage: image.default("busybox:1.37.0-musl"),
  /**
   * Volumes made at a time, and rates of the client; the stock ones keep many claims at once waiting for each other.
   */
  workers: count(1, 100).default(24),
  qps: count(1, 1000).default(100),
  burst: count(1, 2000).default(200),
  /** Why a version with known holes is good enough here, such as a throw-away cluster. */
  allowVulnerable: nonEmpty("say why a vulnerable version is good enough here").optional(),
});

export type LocalPathConfig = z.infer<typeof schema>;

/** What the LocalPathProvisioner component is to install. */
export interface LocalPathInstall {
  namespace: string;
  provisioner: string;
  image: string;
  helperImage: string;
  workers: number;
  /** Queries per second and burst, where the version has them as settings. */
  clientRates?: { qps: number; burst: number };
  hasHealth: boolean;
  rights: InstalledRights;
  /** Files of the ConfigMap that it reads. */
  files: Record<string, string>;
}

const capabilities: Capabilities = { expand: false, snapshot: false, enforcesSize: false, followsNode: true };
const namespaceOf = (name: string) => `${name}-storage`;
const provisionerOf = (name: string) => `rancher.io/${name}`;

function nodePaths(config: LocalPathConfig): { node: string; paths: string[] }[] {
  const fallback = config.path ? [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: [config.path] }] : [];
  return [...fallback, ...Object.entries(config.nodes).map(([node, paths]) => ({ node, paths }))];
}

function check(_name: string, config: LocalPathConfig): Fault[] {
  const faults: Fault[] = [];
  if (!config.path && Object.keys(config.nodes).length === 0) {
    faults.push({
      path: "path",
      message: "is missing; say where the nodes keep volumes, for instance /var/mnt/local-path",
    });
  }
  for (const [node, paths] of Object.entries(config.nodes)) {
    paths.forEach((path, i) => {
      if (paths.indexOf(path) < i)
        faults.push({ path: `nodes.${node}[${i}]`, message: `"${path}" is there twice; name each path once` });
    });
    const name = dnsName.safeParse(node);
    if (!name.success) faults.push({ path: `nodes.${node}`, message: name.error.issues[0]?.message ?? "" });
  }
  return [...faults, ...checkVersion(config)];
}

function checkVersion({ version, allowVulnerable }: LocalPathConfig): Fault[] {
  if (!/^v/.test(version) || !valid(version))
    return [{ path: "version", message: `"${version}" is no version; write it as in v0.0.37` }];
  if (gte(version, floor) || allowVulnerable) return [];
  const reason =
    "older ones let a claim's author write outside the volumes (CVE-2025-62878) and inject into the helper " +
    "pod (CVE-2026-44543)";
  return [
    {
      path: "version",
      message:
        `${version} is below ${floor}: ${reason}; a throw-away cluster may say why it is good enough there in ` +
        "allowVulnerable",
    },
  ];
}

/** A claim of a node without a directory would wait forever. */
function claim({ node, backend }: ClaimRequest, { path, nodes }: LocalPathConfig): ClaimDecision {
  const own = node === undefined ? undefined : nodes[node];
  if (node === undefined || (own ? own.length > 0 : path !== undefined)) return {};
  const at = `backends.${backend}.nodes.${node}`;
  const message = own
    ? `${at} is empty, which keeps volumes off that node; name a directory there, or another node here`
    : `backend "${backend}" has no directory on node ${node}; name one in ${at}, or one for all nodes in ` +
      `backends.${backend}.path`;
  return { refusal: { field: "node", message } };
}

function storageClass(name: string, config: LocalPathConfig): ClassPlan {
  const annotations: Record<string, string> = {
    // `local` fails where the path is not mounted, and lets the kubelet set the group; hostPath would start on an empty
    // directory.
    defaultVolumeType: "local",
  };
  if (gte(config.version, withHealthAndOwners)) {
    for (const [key, source] of [
      ["userPattern", "uid"],
      ["groupPattern", "gid"],
      ["permPattern", "mode"],
    ] as const) {
      annotations[key] = `{{ index .PVC.Annotations "cluster-storage/${source}" }}`;
    }
  }
  return planClass(name, config, { provisioner: provisionerOf(name), capabilities, parameters: {}, annotations });
}

function install(name: string, config: LocalPathConfig): LocalPathInstall {
  const map = nodePaths(config);
  const roots = [...new Set(map.flatMap(({ paths }) => paths))];
  const { version, helperImage, workers, qps, burst } = config;
  return {
    namespace: namespaceOf(name),
    provisioner: provisionerOf(name),
    image: config.image ?? `rancher/local-path-provisioner:${version}`,
    helperImage,
    workers,
    clientRates: gte(version, withClientRates) ? { qps, burst } : undefined,
    hasHealth: gte(version, withHealthAndOwners),
    rights: provisionerRights,
    files: {
      "config.json": JSON.stringify({ nodePathMap: map }, null, 2),
      setup: setupScript(roots),
      teardown: teardownScript(roots),
      "helperPod.yaml": helperPod(helperImage),
    },
  };
}

export const backend: Backend<LocalPathConfig> = {
  type: "local-path",
  schema,
  capabilities: () => capabilities,
  accessModes: (): AccessMode[] => ["ReadWriteOnce", "ReadWriteOncePod"],
  accessModeReason: "a volume is a directory of one node, which other nodes can't mount",
  namespace: namespaceOf,
  classes: (name, config) => [{ name: className(name, config), isDefault: config.default }],
  check,
  claim,
  checks: localPathChecks,
  plan: (name, config): BackendPlan => ({
    name,
    type: "local-path",
    classes: [storageClass(name, config)],
    uses: [],
    install: install(name, config),
  }),
  install: () => (require("./component") as typeof import("./component")).LocalPathProvisioner,
};
