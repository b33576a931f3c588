import { z } from "zod";
import { flag, list, matching, nonEmpty, object, oneOf, record } from "../../config/fields";
import { nodePath, size } from "../../config/forms";
import { nodeAddress } from "../../config/nodes";
import { bytes } from "../../model/quantity";

/** Of user volumes: siderolabs/talos, pkg/machinery/config/types/block/user_volume_config.go, Validate. */
const volumeForm = /^[A-Za-z0-9-]{1,34}$/;

/** Talos' own volumes: siderolabs/talos, pkg/machinery/constants. */
const ownVolumes = ["META", "STATE", "EPHEMERAL", "IMAGECACHE"];

function volumeNameFault(name: string): string | undefined {
  if (ownVolumes.includes(name.toUpperCase()))
    return `"${name}" is a volume of Talos itself, which the update leaves alone; give the user volume another name`;
  return volumeForm.test(name)
    ? undefined
    : `"${name}" is refused by Talos as a volume's name; use at most 34 letters, digits and "-"`;
}

const disk = object({
  device: matching(/^\/dev\/[A-Za-z0-9._:@+/-]+$/, (value) => `"${value}" is no device; one is for instance /dev/sdb`)
    .optional()
    .describe("Its path: one below `/dev/disk/by-id` stays when disks are added; `/dev/sdb` may not."),
  serial: nonEmpty("name the disk's serial number").optional().describe("Its serial number."),
  wwid: nonEmpty("name the disk's WWID").optional().describe("Its WWID."),
  model: nonEmpty("name the disk's model").optional().describe("Its model."),
  transport: nonEmpty("name it, such as nvme")
    .optional()
    .describe("How it is attached, such as `nvme`, `sata` or `virtio`."),
  rotational: flag.optional().describe("Whether it has turning platters."),
});

const encryption = object({
  key: oneOf(["nodeID", "tpm", "kms"]).describe("Where the LUKS2 key is from (docs/at-rest.md)."),
  endpoint: nonEmpty("name the KMS server")
    .optional()
    .describe("The KMS server, such as `https://kms.home:4443`. Required with `key: kms`."),
});

const volume = object({
  directory: flag
    .default(false)
    .describe("It is a directory of the system disk, and no partition: without a size, a disk or encryption."),
  disk: disk
    .optional()
    .meta({ description: "The one disk that it is on: everything that is said has to fit.", otherwise: "required" }),
  minSize: size.optional().meta({ description: "Least size. Required, but for a `directory`.", otherwise: "required" }),
  maxSize: size.optional().meta({ description: "Largest size.", otherwise: "all that is free on the disk" }),
  grow: flag.default(false).describe("It grows up to `maxSize` where there is room behind it."),
  encryption: encryption
    .optional()
    .meta({ description: "It is encrypted with LUKS2 from the first byte on.", otherwise: "not encrypted" }),
}).superRefine(({ directory, disk, encryption, ...sizes }, context) => {
  const refuse = (key: string, message: string) => context.addIssue({ code: "custom", path: [key], message });
  const given = Object.entries({ disk, encryption, minSize: sizes.minSize, maxSize: sizes.maxSize });
  if (directory) {
    for (const [key, value] of given)
      if (value !== undefined) refuse(key, "is of a partition, and this is a directory; leave one of the two out");
    if (sizes.grow) refuse("grow", "is of a partition, and this is a directory; leave one of the two out");
    return;
  }
  if (disk === undefined) refuse("disk", "is missing");
  else if (Object.values(disk).every((value) => value === undefined))
    refuse("disk", "is empty; name the disk, for instance { serial: S5GXNX0T }");
  if (sizes.minSize === undefined) refuse("minSize", "is missing");
  else if (sizes.maxSize !== undefined && (bytes(sizes.minSize) ?? 0) > (bytes(sizes.maxSize) ?? 0))
    refuse("minSize", `${sizes.minSize} is more than maxSize, ${sizes.maxSize}`);
  if (encryption?.key === "kms" && encryption.endpoint === undefined) refuse("encryption.endpoint", "is missing");
});

/** A node of type `talos` in the stack config. */
export const schema = object({
  type: z.literal("talos"),
  address: nodeAddress,
  volumes: record(volume, volumeForm, volumeNameFault)
    .default({})
    .describe("User volumes by name. Talos mounts each at `/var/mnt/NAME`."),
  kubeletMounts: list(nodePath)
    .default([])
    .describe("Directories that the kubelet sees, with mounts that reach both ways, such as Longhorn's."),
  extensions: list(
    matching(
      /^[a-z0-9][a-z0-9.-]*$/,
      (value) => `"${value}" is no system extension; one is for instance iscsi-tools, without siderolabs/ before it`,
    ),
  )
    .default([])
    .describe("System extensions that it has to have, such as `iscsi-tools`. They come with an image."),
  image: matching(
    /^[a-z0-9.:_/-]+:v[0-9]+\.[0-9]+\.[0-9]+[a-z0-9.-]*$/,
    (value) =>
      `"${value}" is no installer image with a version; one is for instance ` +
      "factory.talos.dev/installer/SCHEMATIC:v1.13.0",
  )
    .optional()
    .describe("The installer image that has the extensions, from the image factory. It is named to people only."),
  upgrade: flag
    .default(false)
    .describe("The update installs `image` where the node has another one: one node at a time, never a lower version."),
}).superRefine(({ image, upgrade }, context) => {
  if (upgrade && image === undefined)
    context.addIssue({
      code: "custom",
      path: ["upgrade"],
      message: "is true, and no image is named; write the one to install as image",
    });
});

export type TalosConfig = z.infer<typeof schema>;
export type UserVolume = TalosConfig["volumes"][string];
export type DiskSelector = z.infer<typeof disk>;
