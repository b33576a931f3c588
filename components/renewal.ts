import { Job } from "@pulumi/kubernetes/batch/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { checksumAnnotation, labels, metadata, selector } from "../model/metadata";
import type { Owner, RenewalPlan, ServicePlan } from "../model/plan";
import { readyWithin } from "../plan/waits";
import { checksum, type ChecksumKey } from "./credentials";
import { egressTo } from "./network";
import { renewalPod } from "./renewal-pod";
import { createSecret } from "./secret";

export interface RenewalArgs {
  owner: Owner;
  service: ServicePlan;
  renewal: RenewalPlan;
  /** Every value that there was, the first one first. */
  values: pulumi.Output<string>[];
  checksumKey: ChecksumKey;
}

/**
 * Sets a service's newest password in its data, by a job that logs in with one that the data has. It runs again for
 * another value, and for another volume, which may have the password of an earlier time.
 */
export class Renewal extends pulumi.ComponentResource {
  constructor(name: string, args: RenewalArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:Renewal", name, {}, opts);
    const { owner, service, renewal, values, checksumKey } = args;
    const { namespace, container, claims } = service;
    const meta = metadata(owner, name, "password-renewal", name, namespace);
    const numbered = Object.fromEntries(values.map((value, i) => [`VALUE_${i + 1}`, value]));
    const secret = createSecret(name, { metadata: meta, stringData: numbered }, { parent: this });
    const to = [{ peer: { namespace, service: service.name }, ports: [renewal.port] }];
    const policy = new NetworkPolicy(
      name,
      {
        metadata: meta,
        spec: {
          podSelector: { matchLabels: selector(name) },
          policyTypes: ["Ingress", "Egress"],
          egress: egressTo(to, false),
        },
      },
      { parent: this },
    );
    const seconds = `${readyWithin(service.graceSeconds, container.probes)}s`;
    new Job(
      name,
      {
        metadata: meta,
        spec: {
          backoffLimit: 10,
          template: {
            metadata: {
              labels: labels(owner, name, "password-renewal"),
              annotations: {
                [checksumAnnotation]: checksum(numbered, checksumKey),
                "cluster-storage/claims": claims.map((claim) => claim.name).join(" "),
              },
            },
            spec: renewalPod(name, service, renewal, values.length),
          },
        },
      },
      { parent: this, dependsOn: [secret, policy], customTimeouts: { create: seconds, update: seconds } },
    );
    this.registerOutputs();
  }
}
