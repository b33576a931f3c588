import * as pulumi from "@pulumi/pulumi";
import type { Backend } from "../model/backend";
import type { BackendPlan, ClassPlan } from "../model/storage";
import type { ClusterPlan, Owner } from "../model/plan";
import { atDestroy } from "./at-destroy";
import { StorageClasses } from "./storage-classes";

export interface StorageArgs {
  owner: Owner;
  cluster: ClusterPlan;
  backends: BackendPlan[];
  switchOff: string[];
  switchOn: string[];
  /** Ports of the API server beside the usual ones. */
  apiPorts?: number[];
  /** Every type of backend, by its name. */
  types: ReadonlyMap<string, Backend>;
}

/** Everything that turns a claim into a volume: the backends' own parts and their classes. */
export class Storage extends pulumi.ComponentResource {
  /** What has to be there before a claim is made. */
  readonly beforeClaims: pulumi.Resource[];

  constructor(name: string, args: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:Storage", name, {}, opts);
    const { owner, cluster, backends, switchOff, switchOn, apiPorts, types } = args;
    const classes = new StorageClasses(
      "classes",
      { owner, cluster, classes: backends.flatMap(({ classes }) => classes), switchOff, switchOn },
      { parent: this },
    );
    const installed = backends.flatMap(({ name, type, install, classes: own }) => {
      const made = install && types.get(type)?.create?.(name, { owner, install, apiPorts }, { parent: this });
      if (!made) return [];
      return own.length === 0 ? [made] : [this.outlive(cluster, name, own, [made, classes])];
    });
    this.beforeClaims = [classes, ...installed];
    this.registerOutputs();
  }

  /**
   * What claims come after and go before. A claim that is gone leaves its volume to what provisioned it, which goes
   * only when all of these are deleted. A volume has its own policy, whatever its class says by now.
   */
  private outlive(cluster: ClusterPlan, name: string, own: ClassPlan[], dependsOn: pulumi.Resource[]): pulumi.Resource {
    const { context, kubeconfig } = cluster;
    const task = { task: "await-volumes" as const, context, kubeconfig, classes: own.map(({ name }) => name) };
    return atDestroy(`${name}-volumes`, task, { parent: this, dependsOn });
  }
}
