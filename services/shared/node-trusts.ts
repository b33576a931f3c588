import type { EnvVar } from "../../model/container";
import { tlsFiles } from "../../model/tls";

/** Makes a program on Node trust the stack's authority beside the usual ones (nodejs.org/api/cli.html). */
export const nodeTrusts: EnvVar[] = [{ name: "NODE_EXTRA_CA_CERTS", value: tlsFiles.authority }];
