/** A package under the names that distributions give it, and the service of systemd that has to run. */
export interface PackageNames {
  debian: string;
  rhel: string;
  suse: string;
  service?: string;
}

/** Packages whose names differ, by Debian's name. */
const differing: Record<string, Omit<PackageNames, "debian">> = {
  "open-iscsi": { rhel: "iscsi-initiator-utils", suse: "open-iscsi", service: "iscsid" },
  "nfs-common": { rhel: "nfs-utils", suse: "nfs-client" },
  "semanage-utils": { rhel: "policycoreutils-python-utils", suse: "policycoreutils-python-utils" },
};

/** The names of a package; one that isn't known has the same name everywhere. */
export const packageNames = (debian: string): PackageNames => ({
  debian,
  ...(differing[debian] ?? { rhel: debian, suse: debian }),
});
