import * as pulumi from "@pulumi/pulumi";
import { backendTypes } from "../backends/catalogue";
import type { Backend } from "../model/backend";
import type { BackendPlan } from "../model/storage";
import type { Owner } from "../model/plan";
import { StorageClasses } from "./storage-classes";

export interface StorageArgs {
  owner: Owner;
  backends: BackendPlan[];
  switchOff: string[];
  switchOn: string[];
  /** Those that install the plan's backends; every file of backends/ unless told. */
  types?: ReadonlyMap<string, Backend>;
}

/** What a backend's component is given: the `install` of the backend's plan. */
export interface InstallArgs<Install> {
  owner: Owner;
  install: Install;
}

/** What installs a backend. `beforeClaims`: what of it has to be there before a claim is made. Default: all of it. */
export interface Installation extends pulumi.Resource {
  readonly beforeClaims?: pulumi.Resource[];
}

/** The component that installs a backend. Each takes its own kind of `install`, which only the backend's file knows. */
export type Installer = new (
  name: string,
  args: InstallArgs<never>,
  opts?: pulumi.ComponentResourceOptions,
) => Installation;

/** Everything that turns a claim into a volume: the backends' own parts and their classes. */
export class Storage extends pulumi.ComponentResource {
  /** What has to be there before a claim is made. */
  readonly beforeClaims: pulumi.Resource[];

  constructor(name: string, args: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:Storage", name, {}, opts);
    const { owner, backends, switchOff, switchOn, types = backendTypes } = args;
    const installed = backends.flatMap(({ name, type, install }) => {
      const Component = install === undefined ? undefined : types.get(type)?.install?.();
      return Component ? [new Component(name, { owner, install: install as never }, { parent: this })] : [];
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
