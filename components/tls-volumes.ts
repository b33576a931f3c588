import type { types } from "@pulumi/kubernetes";
import type { DatabasePlan, ServicePlan } from "../model/plan";
import { authorityName, tlsDirectories, tlsFiles } from "../model/tls";

/** How pods get certificates. A kubelet renews these files; most programs read them when they start. */

type Volume = types.input.core.v1.Volume;
type VolumeMount = types.input.core.v1.VolumeMount;

/** The authority's certificate, by which clients verify servers. */
export const authorityVolume: Volume = { name: "authority", configMap: { name: authorityName } };
const authorityMount: VolumeMount = {
  name: "authority",
  mountPath: tlsDirectories.authority,
  readOnly: true,
};

/** PostgreSQL refuses a key that others than its own user and group can read. */
const certificateVolume = (secretName: string): Volume => ({
  name: "certificate",
  secret: { secretName, defaultMode: 0o440 },
});

export const tlsVolumes = ({ tls, trusts }: ServicePlan): Volume[] => [
  ...(tls ? [certificateVolume(tls.secret)] : []),
  ...(trusts ? [authorityVolume] : []),
];

export const tlsMounts = ({ tls, trusts }: ServicePlan): VolumeMount[] => [
  ...(tls ? [{ name: "certificate", mountPath: tlsDirectories.server, readOnly: true }] : []),
  ...(trusts ? [authorityMount] : []),
];

/** What makes a container with PostgreSQL's programs verify an encrypted server, its name too. */
export const verifyingClient = ({ tls }: DatabasePlan) => ({
  env: tls
    ? [
        { name: "PGSSLMODE", value: "verify-full" },
        { name: "PGSSLROOTCERT", value: tlsFiles.authority },
      ]
    : [],
  ...(tls && { volumeMounts: [authorityMount] }),
});
