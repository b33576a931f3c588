import type { InstallPlan } from "../../model/install-plan";
import type { Kinds } from "../../model/rights";
import type { PodPasses } from "../../model/pod-settings";
import { planPod } from "../../plan/settings/pod";
import type { LocalPathConfig } from "./config";
import { provisionerRights } from "./rights";
import { helperPod, setupScript, teardownScript } from "./scripts";
import { hasClientRates, hasHealthAndOwners } from "./versions";

/** What the LocalPathProvisioner component is to install. */
export interface LocalPathInstall extends InstallPlan {
  namespace: string;
  rights: NonNullable<InstallPlan["rights"]>;
  /** The name by which classes refer to the provisioner. */
  provisioner: string;
  image: string;
  helperImage: string;
  /** How many volumes are made at a time. */
  workers: number;
  /** The API client's queries per second and burst. Absent if the version has no such settings. */
  clientRates?: { qps: number; burst: number };
  hasHealth: boolean;
  /** What the provisioner's pod needs of its nodes and registries; absent where the config says nothing of it. */
  pod?: PodPasses;
  /** The files of the ConfigMap that the provisioner reads. */
  files: Record<string, string>;
}

export const namespaceOf = (name: string): string => `${name}-storage`;
export const provisionerOf = (name: string): string => `rancher.io/${name}`;

const makes: { cluster: Kinds; namespace: Kinds } = {
  cluster: { "rbac.authorization.k8s.io": ["clusterroles", "clusterrolebindings"] },
  namespace: {
    "": ["configmaps", "serviceaccounts"],
    apps: ["deployments"],
    "networking.k8s.io": ["networkpolicies"],
    "rbac.authorization.k8s.io": ["roles", "rolebindings"],
  },
};

/** The provisioner's image. */
export const imageOf = ({ image, version }: LocalPathConfig) => image ?? `rancher/local-path-provisioner:${version}`;

/** What installs a local-path backend's provisioner. Each backend has one of its own. */
export function localPathInstall(name: string, config: LocalPathConfig): LocalPathInstall {
  const paths = nodePaths(config);
  const roots = [...new Set(paths.flatMap((node) => node.paths))];
  const { helperImage, workers, qps, burst } = config;
  const pod = planPod({ tolerations: config.tolerations, imagePullSecrets: config.imagePullSecrets });
  const image = imageOf(config);
  return {
    namespace: namespaceOf(name),
    makes,
    rights: provisionerRights,
    shown: { image, helperImage, paths },
    provisioner: provisionerOf(name),
    image,
    helperImage,
    workers,
    clientRates: hasClientRates(config) ? { qps, burst } : undefined,
    ...(pod && { pod }),
    hasHealth: hasHealthAndOwners(config),
    files: {
      "config.json": JSON.stringify({ nodePathMap: paths }, null, 2),
      setup: setupScript(roots),
      teardown: teardownScript(roots),
      "helperPod.yaml": helperPod(helperImage, pod?.imagePullSecrets),
    },
  };
}

/** What the objects of a backend's installation are called. */
export function namesOf(name: string, { namespace }: Pick<LocalPathInstall, "namespace">) {
  const app = `${name}-provisioner`;
  return { app, namespace, account: app, helperAccount: `${name}-helper`, config: `${name}-config` };
}

function nodePaths(config: LocalPathConfig): { node: string; paths: string[] }[] {
  const fallback = config.path ? [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: [config.path] }] : [];
  return [...fallback, ...Object.entries(config.nodes).map(([node, paths]) => ({ node, paths }))];
}
