import type { DiskSelector, UserVolume } from "./config";

/** The documents of Talos' machine config that the steps patch in. */

/** A size as Talos writes it: 200Gi is 200GiB. */
const talosSize = (quantity: string) => `${quantity}B`;

const quoted = (value: string) => JSON.stringify(value);

/** The CEL expression by which Talos finds the disk; never the system disk. */
export function matchOf({ device, serial, wwid, model, transport, rotational }: DiskSelector): string {
  return [
    "!system_disk",
    ...(device === undefined
      ? []
      : [
          device.startsWith("/dev/disk/") ? `${quoted(device)} in disk.symlinks` : `disk.dev_path == ${quoted(device)}`,
        ]),
    ...Object.entries({ serial, wwid, model, transport }).flatMap(([field, value]) =>
      value === undefined ? [] : [`disk.${field} == ${quoted(value)}`],
    ),
    ...(rotational === undefined ? [] : [rotational ? "disk.rotational" : "!disk.rotational"]),
  ].join(" && ");
}

/** The user volume's document. */
export function volumeDocument(name: string, volume: UserVolume): object {
  const head = { apiVersion: "v1alpha1", kind: "UserVolumeConfig", name };
  const { directory, disk = {}, minSize, maxSize, grow, encryption } = volume;
  if (directory) return { ...head, volumeType: "directory" };
  return {
    ...head,
    provisioning: {
      diskSelector: { match: matchOf(disk) },
      grow,
      ...(minSize !== undefined && { minSize: talosSize(minSize) }),
      ...(maxSize !== undefined && { maxSize: talosSize(maxSize) }),
    },
    ...(encryption && { encryption: encryptionSection(encryption) }),
  };
}

function encryptionSection({ key, endpoint }: NonNullable<UserVolume["encryption"]>) {
  const source = key === "kms" ? { kms: { endpoint } } : { [key]: {} };
  return { provider: "luks2", keys: [{ slot: 0, ...source }] };
}

/** How a directory is mounted for the kubelet, so that mounts in it reach both ways. */
export const mountOptions = ["bind", "rshared", "rw"];

/** The part of the machine config with a mount of the kubelet. Talos adds it to the list that is there. */
export const mountDocument = (path: string): object => ({
  machine: {
    kubelet: { extraMounts: [{ destination: path, type: "bind", source: path, options: mountOptions }] },
  },
});
