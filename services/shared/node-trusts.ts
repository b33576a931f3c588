import type { ReservedVariable } from "../../model/container-settings";
import type { EnvVar } from "../../model/container";
import { tlsFiles } from "../../model/tls";

/** Makes a program on Node trust the stack's authority beside the usual ones (nodejs.org/api/cli.html). */
export const nodeTrusts: EnvVar[] = [{ name: "NODE_EXTRA_CA_CERTS", value: tlsFiles.authority }];

/** Node reads one file of more authorities. Its other way to more of them is its option --use-system-ca. */
export const trustReserved: ReservedVariable[] = [
  {
    name: /^NODE_EXTRA_CA_CERTS$/,
    beside: "NODE_EXTRA_CA_CERTS",
    why:
      "it has the stack's authority, by which encrypted services are verified; docs/settings.md says how to add " +
      "another one",
  },
  {
    name: /^NODE_TLS_REJECT_UNAUTHORIZED$/,
    beside: "NODE_EXTRA_CA_CERTS",
    why: "it turns off the verification of the stack's encrypted services",
  },
];
