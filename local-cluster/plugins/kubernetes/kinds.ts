import { parseUrn } from "../protocol/urn";
import type { Value } from "../protocol/values";

export interface Kind {
  apiVersion: string;
  kind: string;
  /** A `...Patch` resource sets some fields of an object that someone else owns. */
  patch: boolean;
}

/** A resource's kind, from its inputs where they name it, else from its type token `kubernetes:GROUP/VERSION:KIND`. */
export function kindOf(urn: string, inputs: { apiVersion?: Value; kind?: Value } = {}): Kind {
  const { type } = parseUrn(urn);
  refuseUnsupported(type);
  const [, groupVersion = "", token = ""] = type.split(":");
  const named = typeof inputs.kind === "string" ? inputs.kind : undefined;
  const patch = token.endsWith("Patch") && (named === undefined || token === `${named}Patch`);
  return {
    apiVersion: typeof inputs.apiVersion === "string" ? inputs.apiVersion : groupVersion.replace(/^core\//, ""),
    kind: named ?? (patch ? token.slice(0, -"Patch".length) : token),
    patch,
  };
}

export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
}

/** `apps/v1/Deployment`, `v1/Secret`. */
export function kindKey({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  return `${apiVersion}/${kind}`;
}

const unsupportedPackages = ["helm.sh", "helm", "yaml", "kustomize"];

/** Throws for resources that only the official plugin supports: Helm, YAML documents, Kustomize, lists. */
export function refuseUnsupported(token: string): void {
  const [, module = "", name = ""] = token.split(":");
  const listOf = /^(?:\w.*)List$/.test(name) && !unsupportedPackages.includes(module.split("/")[0]);
  if (listOf) throw new Error(`${token} is a list and can't be created; declare its items one by one`);
  if (unsupportedPackages.includes(module.split("/")[0])) {
    throw new Error(
      `${token} is not supported by the stand-in kubernetes plugin of the local cluster; ` +
        "the official plugin has it (pulumi plugin install resource kubernetes)",
    );
  }
}
