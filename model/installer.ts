import type * as pulumi from "@pulumi/pulumi";
import type { Owner } from "./plan";

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
