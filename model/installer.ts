import type { Owner } from "./plan";

/** What a backend's component is given: what the backend decided to install, and for whom. */
export interface InstallArgs<Install> {
  owner: Owner;
  install: Install;
  /** Ports of the API server beside the usual ones. */
  apiPorts?: number[];
}
