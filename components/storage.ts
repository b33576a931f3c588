import * as pulumi from "@pulumi/pulumi";
import type { Backend } from "../model/backend";
import type { BackendPlan } from "../model/storage";
import type { Owner } from "../model/plan";
import { StorageClasses } from "./storage-classes";

export interface StorageArgs {
  owner: Owner;
  backends: BackendPlan[];
  switchOff: string[];
  switchOn: string[];
  /** Every type of backend, by its name. */
  types: ReadonlyMap<string, Backend>;
}

/** Everything that turns a claim into a volume: the backends' own parts and their classes. */
export class Storage extends pulumi.ComponentResource {
  /** What has to be there before a claim is made. */
  readonly beforeClaims: pulumi.Resource[];

  constructor(name: string, args: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:Storage", name, {}, opts);
    const { owner, backends, switchOff, switchOn, types } = args;
    const installed = backends.flatMap(({ name, type, install }) => {
      return (install && types.get(type)?.create?.(name, { owner, install }, { parent: this })) ?? [];
    });
    const classes = new StorageClasses(
      "classes",
      { owner, classes: backends.flatMap(({ classes }) => classes), switchOff, switchOn },
      { parent: this },
    );
    this.beforeClaims = [classes, ...installed.flatMap((backend) => backend.beforeClaims ?? [backend])];
    this.registerOutputs();
  }
}
