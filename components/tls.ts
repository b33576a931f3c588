import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";
import { metadata } from "../model/metadata";
import type { Owner, ServicePlan } from "../model/plan";
import {
  authorityAnnotation,
  authorityName,
  certificateAnnotation,
  certificateEndsAnnotation,
  type CertManagerPlan,
  type TlsPlan,
} from "../model/tls";
import { authorityOf, fingerprint, serverCertificate, validity } from "../plan/certificates";
import { spilledClaims } from "../plan/pod-directories";
import { createSecret } from "./secret";

export interface TlsArgs {
  owner: Owner;
  tls: TlsPlan;
  /** Namespaces by name, each of which has to be there before anything is made in it. */
  namespaces: ReadonlyMap<string, pulumi.Resource>;
  /** By which certificates are renewed. */
  now: Date;
}

/** What encrypted connections bring to a service's pod. */
export interface PodTls {
  /** What has to be there before the pod. */
  needs: pulumi.Resource[];
  /** Annotations that replace the pod when a certificate is renewed. */
  marks: Record<string, pulumi.Input<string>>;
}

/**
 * The authority that clients trust, and the servers' certificates. The stack's own authority is a secret in the state,
 * from which all keys follow, so no other certificate is made unless one is due. Its key is nowhere in the cluster.
 */
export class Tls extends pulumi.ComponentResource {
  private readonly authority: pulumi.Output<string>;
  private readonly secret?: pulumi.Output<string>;

  constructor(
    name: string,
    private readonly args: TlsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cluster-storage:index:Tls", name, {}, opts);
    const { owner, tls, namespaces, now } = args;
    if (tls.certManager) this.authority = pulumi.output(tls.certManager.ca);
    else {
      // Nothing protects it: when it is lost, all certificates are others, and the pods that have one start again.
      const secret = new RandomPassword("tls-authority", { length: 64, special: false }, { parent: this }).result;
      this.secret = secret;
      this.authority = pulumi.unsecret(secret.apply((value) => authorityOf(value, now)));
    }
    for (const namespace of tls.namespaces)
      new ConfigMap(
        `${namespace}-ca`,
        {
          metadata: metadata(owner, authorityName, "certificate-authority", authorityName, namespace),
          data: { "ca.crt": this.authority },
        },
        { parent: this, dependsOn: namespaces.get(namespace) ?? [] },
      );
    this.registerOutputs();
  }

  /** Makes a service's certificate, where it is a server, with the service's own resources. */
  forPod(service: ServicePlan, opts: pulumi.CustomResourceOptions): PodTls {
    if (!service.trusts) return { needs: [], marks: {} };
    const certificate = service.tls && this.issue(service, service.tls, opts);
    const marks = { [authorityAnnotation]: this.authority.apply(fingerprint), ...certificate?.marks };
    return {
      needs: certificate?.needs ?? [],
      // A pod whose own directory has the data is not replaced. Its program has the new files when it starts again.
      marks: spilledClaims(service).length > 0 ? {} : marks,
    };
  }

  private issue(
    service: ServicePlan,
    { names, secret }: NonNullable<ServicePlan["tls"]>,
    opts: pulumi.CustomResourceOptions,
  ): PodTls {
    const { owner, tls, now } = this.args;
    const meta = metadata(owner, service.name, "certificate", secret, service.namespace);
    if (tls.certManager || !this.secret)
      return { needs: [certificateOf(meta, names, tls.certManager, opts)], marks: {} };
    const issued = this.secret.apply((value) => serverCertificate(value, names, now));
    const pair = { "tls.crt": issued.certificate, "tls.key": issued.key };
    return {
      needs: [createSecret(secret, { metadata: meta, type: "kubernetes.io/tls", stringData: pair }, opts)],
      marks: {
        [certificateAnnotation]: pulumi.unsecret(issued.certificate.apply(fingerprint)),
        [certificateEndsAnnotation]: validity("server", now).notAfter.toISOString(),
      },
    };
  }
}

/** Asks cert-manager for a certificate. It renews it when a third of its life is left, with another key. */
function certificateOf(
  meta: ReturnType<typeof metadata>,
  names: string[],
  certManager: CertManagerPlan | undefined,
  opts: pulumi.CustomResourceOptions,
): CustomResource {
  const { issuer, kind } = certManager ?? { issuer: "", kind: "" };
  return new CustomResource(
    meta.name,
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: meta,
      spec: {
        secretName: meta.name,
        commonName: names[0],
        dnsNames: names,
        usages: ["digital signature", "server auth"],
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        duration: "12960h0m0s",
        renewBefore: "4320h0m0s",
        issuerRef: { group: "cert-manager.io", kind, name: issuer },
      },
    },
    opts,
  );
}
