import { reveal, type Properties, type Value } from "../protocol/values";

/** The provider's arguments that the stand-in knows. */
export interface Settings {
  kubeconfig: string;
  context: string;
  cluster: string;
  namespace: string;
  clusterIdentifier: string;
  enablePatchForce: boolean;
  enableConfigMapMutable: boolean;
  enableSecretMutable: boolean;
  suppressDeprecationWarnings: boolean;
  deleteUnreachable: boolean;
}

/** Reads the provider's arguments. A missing one comes from the official plugin's environment variable for it. */
export function readSettings(args: Properties): Settings {
  refuse(args);
  const flag = (name: string, variable: string): boolean => (text(args[name]) || process.env[variable]) === "true";
  return {
    kubeconfig: text(args.kubeconfig),
    context: text(args.context),
    cluster: text(args.cluster),
    namespace: text(args.namespace),
    clusterIdentifier: text(args.clusterIdentifier),
    enablePatchForce: flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
    enableConfigMapMutable: flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
    enableSecretMutable: flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
    suppressDeprecationWarnings: flag("suppressDeprecationWarnings", "PULUMI_K8S_SUPPRESS_DEPRECATION_WARNINGS"),
    deleteUnreachable: flag("deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE"),
  };
}

function refuse(args: Properties): void {
  const standIn = "the stand-in kubernetes plugin of the local cluster";
  if (text(args.enableServerSideApply) === "false") {
    throw new Error(`${standIn} only does server-side apply: enableServerSideApply must not be false`);
  }
  for (const name of ["renderYamlToDirectory", "upsertExistingObjects", "skipUpdateUnreachable"]) {
    if (!["", "false"].includes(text(args[name]))) {
      throw new Error(`${standIn} does not support ${name}; the official plugin has it`);
    }
  }
}

/** A provider argument as text. Arguments that are not strings arrive as JSON. Unknown arguments become empty. */
export function text(value: Value | undefined): string {
  const plain = reveal(value ?? null);
  if (typeof plain === "string") return plain;
  return plain === null || (typeof plain === "object" && "marker" in plain) ? "" : JSON.stringify(plain);
}
