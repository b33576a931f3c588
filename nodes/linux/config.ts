import { z } from "zod";
import { filledList, flag, list, matching, object, oneOf, record, text } from "../../config/fields";
import { pathForm } from "../../config/forms";
import { nodeAddress } from "../../config/nodes";
import { addTwice } from "./config-twice";
import { madePath, pathFault } from "./paths";

const directory = object({
  mode: matching(/^0?[0-7]{3,4}$/, (value) => `"${value}" is no mode; write it in quotes, for instance "0750"`)
    .optional()
    .meta({ description: "Its mode, in quotes.", otherwise: "as it is; a new one gets 0755" }),
  owner: matching(/^[0-9]+:[0-9]+$/, (value) => `"${value}" is no owner; write numbers, for instance "1000:1000"`)
    .optional()
    .meta({ description: "Numbers of its user and group, in quotes.", otherwise: "as it is; a new one is root's" }),
});

/** Names of devices that stay the same when the node restarts and disks are added. */
const stable = "/dev/(disk/by-(id|path|partuuid|partlabel)|mapper)/[A-Za-z0-9._:@+-]+";
const unstable = (value: string): string => {
  if (/^\/dev\/[A-Za-z0-9_.+-]+\/[A-Za-z0-9_.+-]+$/.test(value) && !value.startsWith("/dev/disk/"))
    return `"${value}" is no name that stays; a logical volume is for instance /dev/mapper/vg0-data`;
  return /^\/dev\/[a-z]+[0-9a-z]*$/.test(value)
    ? `"${value}" may be another disk after a restart; name it as in /dev/disk/by-id: ls -l /dev/disk/by-id`
    : `"${value}" is no device; one is for instance /dev/disk/by-id/nvme-WD_BLACK_22`;
};

const device = matching(new RegExp(`^${stable}$`), unstable);
const sourceForm = new RegExp(`^(UUID=[A-Za-z0-9-]+|LABEL=[A-Za-z0-9._-]+|${stable})$`);
const source = matching(sourceForm, (value) => {
  const [, kind, name] = /^\/dev\/disk\/by-(uuid|label)\/(.+)$/.exec(value) ?? [];
  return kind === undefined
    ? `${unstable(value)}, UUID=… or LABEL=…`
    : `"${value}" is the name of a file system; write it as ${kind.toUpperCase()}=${name}`;
});

const optionForm = /^[a-z][a-z0-9_.=:/-]*$/;

function optionFault(value: string): string | undefined {
  if (!optionForm.test(value)) return `"${value}" is no option of a mount; one is for instance noatime`;
  if (value === "ro") return '"ro" would let nothing be written there; leave it out';
  if (value === "noauto") return '"noauto" would leave it unmounted when the node starts; leave it out';
  return undefined;
}

const mount = object({
  device: source.describe(
    "A device as in `/dev/disk/by-id`; or `UUID=…` or `LABEL=…` of a file system that is there already.",
  ),
  fileSystem: oneOf(["ext4", "xfs"])
    .default("ext4")
    .describe("What the device holds. It is made only on a device that is proven empty."),
  options: list(text(optionFault, { pattern: optionForm.source }))
    .default([])
    .describe("Options besides those that the order of a start needs."),
});

const hostKeyForm = /^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,2}( .*)?$/;
const shown = "cat /etc/ssh/ssh_host_ed25519_key.pub";

const hostKey = text(
  (value) => {
    if (hostKeyForm.test(value)) return undefined;
    return value.startsWith("ssh-rsa ")
      ? "is an RSA key. Pulumi's command plugin asks for a signature with SHA-1 then, and no SSH server of today " +
          `makes one; take another key of the node's: ${shown}`
      : `is no public key of an SSH server; it is what this prints on the node: ${shown}`;
  },
  { pattern: hostKeyForm.source },
);

const groupForm = /^(?!\.{1,2}$)[A-Za-z0-9_+.][A-Za-z0-9_+.-]{0,126}$/;
const groupFault = (name: string) =>
  groupForm.test(name)
    ? undefined
    : `"${name}" is no name of a volume group; it has letters, digits, "_", "+", "." and "-", for instance vg0`;

/** A node of type `linux` in the stack config. */
export const schema = object({
  type: z.literal("linux"),
  address: nodeAddress,
  hostKey: hostKey.describe(
    "The public key of the node's SSH server, by which the node is known: " +
      "`cat /etc/ssh/ssh_host_ed25519_key.pub` on the node.",
  ),
  packages: list(
    matching(/^[a-z0-9][a-z0-9+.-]*$/, (value) => `"${value}" is no name of a package; one is for instance open-iscsi`),
  )
    .default([])
    .describe("Packages of its distribution, by Debian's names: `open-iscsi`, `nfs-common`, `lvm2` and others."),
  multipathException: flag
    .default(false)
    .describe("multipathd leaves Longhorn's disks alone (docs/backends/longhorn.md)."),
  volumeGroups: record(filledList(device, "name the devices of the group"), groupForm, groupFault)
    .default({})
    .describe("Volume groups of LVM by name, each of these devices, which have to be empty."),
  mounts: record(mount, new RegExp(pathForm), pathFault)
    .default({})
    .describe("File systems by the directory at which they are mounted, now and at each start."),
  directories: record(directory, new RegExp(pathForm), pathFault).default({}).describe("Directories by path."),
  selinux: list(madePath)
    .default([])
    .describe("Directories that get the label with which containers may write, where the node enforces SELinux."),
}).superRefine(addTwice);

export type LinuxConfig = z.infer<typeof schema>;
