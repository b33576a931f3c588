export const names = { namespace: "rook-ceph", pool: "block", files: "files", kms: "generated-passphrase" };

/** The operator prefixes the names of its drivers with its namespace. */
export const provisionerOf = (driver: "rbd" | "cephfs", namespace = names.namespace): string =>
  `${namespace}.${driver}.csi.ceph.com`;
