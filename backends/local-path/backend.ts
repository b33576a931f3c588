import { dnsName } from "../../config/forms";
import type { Backend, BackendClass, ClaimDecision, ClaimRequest } from "../../model/backend";
import type { Fault } from "../../model/plan";
import { madeClass } from "../shared/classes";
import { localPathChecks } from "./checks";
import { type LocalPathConfig, schema } from "./config";
import { imageOf, type LocalPathInstall, localPathInstall, namespaceOf, provisionerOf } from "./install";
import { localPathPods } from "./planned-pods";
import { checkVersion, hasHealthAndOwners } from "./versions";

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

/** Refuses a claim on a node that has no directory: it would wait for ever. */
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

/** Lets a claim's annotations set the owner and the mode of its directory. */
const ownership = Object.fromEntries(
  Object.entries({ userPattern: "uid", groupPattern: "gid", permPattern: "mode" }).map(([key, source]) => [
    key,
    `{{ index .PVC.Annotations "cluster-storage/${source}" }}`,
  ]),
);

function storageClass(name: string, config: LocalPathConfig): BackendClass {
  const annotations = {
    // A volume of type local fails if the path is not mounted, and it lets the kubelet set the group. With a volume of
    // type hostPath, the pod would start on an empty directory.
    defaultVolumeType: "local",
    ...(hasHealthAndOwners(config) && ownership),
  };
  return madeClass(name, config, { provisioner: provisionerOf(name), parameters: {}, annotations });
}

/** Directories of the nodes. The nodes need no software for it. The data has one copy, and no size is enforced. */
export const backend: Backend<LocalPathConfig, LocalPathInstall> = {
  type: "local-path",
  schema,
  capabilities: () => ({ expand: false, snapshot: false, enforcesSize: false, followsNode: true }),
  withoutDriver: true,
  accessModes: () => ["ReadWriteOnce", "ReadWriteOncePod"],
  accessModeReason: "a volume is a directory of one node, which other nodes can't mount",
  namespace: namespaceOf,
  classes: (name, config) => [storageClass(name, config)],
  check,
  claim,
  checks: localPathChecks,
  installs: localPathInstall,
  mirrored: (config, at) => ({
    ...config,
    image: at(imageOf(config), "image"),
    helperImage: at(config.helperImage, "helperImage"),
  }),
  pods: localPathPods,
  create: (name, args, opts) =>
    new (require("./component") as typeof import("./component")).LocalPathProvisioner(name, args, opts),
};
