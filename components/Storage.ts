import * as pulumi from "@pulumi/pulumi";
import type { LocalPathInstall } from "../backends/local-path";
import type { BackendPlan, Owner } from "../plan/types";
import { LocalPathProvisioner } from "./LocalPathProvisioner";
import { StorageClasses } from "./StorageClasses";

export interface StorageArgs {
  owner: Owner;
  backends: BackendPlan[];
  switchOff: string[];
}

type Installer = (name: string, owner: Owner, install: unknown, opts: pulumi.ComponentResourceOptions) => void;

/** The component that installs a type of backend; a type without one is there already. */
const installers: Record<string, Installer> = {
  "local-path": (name, owner, install, opts) => new LocalPathProvisioner(name, { owner, install: install as LocalPathInstall }, opts),
};

/** Everything that turns a claim into a volume: the backends' own parts and their classes. */
export class Storage extends pulumi.ComponentResource {
  constructor(name: string, args: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:Storage", name, {}, opts);
    const { owner, backends, switchOff } = args;
    for (const { name, type, install } of backends) installers[type]?.(name, owner, install, { parent: this });
    new StorageClasses("classes", { owner, classes: backends.flatMap(({ classes }) => classes), switchOff }, { parent: this });
    this.registerOutputs();
  }
}
