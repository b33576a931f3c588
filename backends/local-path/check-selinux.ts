import type { Check, CheckResult } from "../../model/backend";
import type { NodeFacts, SystemFacts } from "../../model/node-facts";
import { isTalos } from "../../preflight/nodes";
import { results } from "../../preflight/results";
import { confines, containerLabel, mayWrite } from "../../preflight/system";
import type { LocalPathConfig } from "./config";
import { type Place, placesOf } from "./places";

const { ok, warning, error, unknown } = results("local-path-selinux");

/** Systems that enforce SELinux unless somebody has switched it off. */
const enforcing = /^(Red Hat|Rocky|AlmaLinux|CentOS|Fedora|Oracle|Amazon Linux 2023)|Micro/;

/** Where SELinux is enforced, containers, the provisioner's too, write only to directories with their label. */
export const localPathSelinux: Check<LocalPathConfig> = {
  id: "local-path-selinux",
  group: "local-path",
  run({ config, facts: { nodes } }) {
    return placesOf(config, nodes ?? [])
      .filter(({ node }) => !isTalos(node))
      .flatMap(judge);
  },
};

function judge(place: Place): CheckResult[] {
  const { node, path } = place;
  const system = systemOf(node);
  if (!system)
    return enforcing.test(node.osImage)
      ? [
          unknown(
            `only a probe pod can tell whether SELinux lets containers write to ${path} on ${node.name}`,
            "npm run preflight -- --probe",
          ),
        ]
      : [];
  if (!system.selinux.enforcing) return [];
  const may = mayWrite(system, path);
  if (may) return [ok(`SELinux lets containers write to ${path} on ${node.name}`)];
  if (may === undefined)
    return [
      unknown(
        `SELinux is enforced on ${node.name}, and the label of ${path} can't be read from a pod`,
        `see on the node whether it is ${containerLabel}: ls -Zd ${path}; the way out: docs/nodes-linux.md#selinux`,
      ),
    ];
  const label = system.selinux.labels[path];
  const way =
    `add ${path} to cluster-storage:nodes.${node.name}.selinux (docs/nodes-linux.md#selinux), or on the node: ` +
    `semanage fcontext -a -t ${containerLabel} '${path}(/.*)?' && restorecon -R ${path}`;
  // Over SSH it isn't known whether the container runtime uses SELinux at all.
  return confines(system)
    ? [
        error(
          `SELinux on ${node.name} keeps containers from writing to ${path}, whose label is ${label}: no volume can ` +
            "be made there",
          way,
        ),
      ]
    : [
        warning(
          `SELinux is enforced on ${node.name}, and the label of ${path} is ${label}: if the container runtime there ` +
            "uses SELinux, no volume can be made",
          way,
        ),
      ];
}

/** What the node says of itself, with what only a pod knows. */
function systemOf({ system, probe }: NodeFacts): SystemFacts | undefined {
  if (!system || !probe?.system) return system ?? probe?.system;
  const { domain, labels } = probe.system.selinux;
  return {
    ...system,
    selinux: {
      ...system.selinux,
      ...(domain !== undefined && { domain }),
      labels: { ...labels, ...system.selinux.labels },
    },
  };
}
