import { Namespace as KubernetesNamespace } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { metadata } from "../model/metadata";
import type { NamespacePlan, Owner } from "../model/plan";

export interface NamespaceArgs extends NamespacePlan {
  owner: Owner;
  /** The Pod Security level that is enforced; default `restricted`. */
  podSecurity?: "restricted" | "privileged";
  /** Whether all traffic that no policy allows is denied; default true. */
  isolate?: boolean;
}

/** A namespace that enforces Pod Security and, unless `isolate` is false, denies all traffic that no policy allows. */
export class Namespace extends pulumi.ComponentResource {
  readonly namespace: KubernetesNamespace;

  constructor(name: string, args: NamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:Namespace", name, {}, opts);
    const level = args.podSecurity ?? "restricted";
    const meta = metadata(args.owner, args.name, "namespace", args.name);
    const levels = Object.fromEntries(
      ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, level]),
    );
    this.namespace = new KubernetesNamespace(
      name,
      { metadata: { ...meta, labels: { ...meta.labels, ...levels } } },
      // Deleting a namespace deletes every claim in it, whether the claim is protected or not.
      { parent: this, protect: args.protect, retainOnDelete: args.protect },
    );
    if (args.isolate ?? true) this.denyAll(name, args);
    this.registerOutputs();
  }

  private denyAll(name: string, args: NamespaceArgs): void {
    new NetworkPolicy(
      `${name}-default-deny`,
      {
        metadata: metadata(args.owner, args.name, "network-policy", "default-deny", args.name),
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      { parent: this, dependsOn: this.namespace },
    );
  }
}
