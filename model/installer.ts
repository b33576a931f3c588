import type * as pulumi from "@pulumi/pulumi";
import type { Owner } from "./plan";

/** What a backend's component is given: what the backend decided to install, and for whom. */
export interface InstallArgs<Install> {
  owner: Owner;
  install: Install;
}

/** What a backend's component has made. `beforeClaims`: the parts that claims have to wait for. Default: all of it. */
export interface Installation extends pulumi.Resource {
  readonly beforeClaims?: pulumi.Resource[];
}
