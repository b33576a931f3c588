import { pathText } from "../../model/config-path";
import type { ServiceConfig } from "../../model/config";
import type { ExtraVolumeConfig } from "../../model/container-settings";
import type { Fault } from "../../model/plan";
import type { ServiceSpec } from "../../model/service-spec";
import { tlsDirectories } from "../../model/tls";

/** Directories of an image that have its programs and settings; nothing may take their place. */
const ofImages = [
  ..."/bin /boot /etc /home /lib /lib64 /opt /root /run /sbin /tmp /usr /usr/bin /usr/lib /usr/local".split(" "),
  ..."/usr/local/bin /usr/local/lib /usr/sbin /usr/share /var /var/lib /var/run".split(" "),
];

/** Directories and files that the kernel, the kubelet or this program provides, with all below them. */
const provided = [
  ..."/dev /proc /sys /run/secrets /var/run/secrets /etc/hosts /etc/hostname /etc/resolv.conf".split(" "),
  ...Object.values(tlsDirectories),
];

const isIn = (path: string, directory: string) => `${path}/`.startsWith(`${directory}/`);

const meets = (path: string, other: string) => isIn(path, other) || isIn(other, path);

/** Why a path can't be taken, because of what is at another one that it meets. */
function because(path: string, other: string, what: string): string {
  if (path === other) return `${path} is where ${what}; choose another path`;
  return `${path} is ${isIn(path, other) ? "below" : "above"} ${other}, where ${what}; choose a path outside of it`;
}

function systemFault(path: string): string | undefined {
  if (ofImages.includes(path))
    return `${path} is a directory of the image, whose files would be hidden; name a directory in it`;
  const own = provided.find((each) => meets(path, each));
  return own === undefined ? undefined : because(path, own, "the cluster or the stack has files of its own");
}

function dataFault(path: string, { claims, scratch = [] }: ServiceSpec, config: ServiceConfig): string | undefined {
  for (const { name, mounts } of claims.filter((claim) => config.claims[claim.name]))
    for (const mount of mounts)
      if (meets(path, mount.path))
        return because(path, mount.path, `the data of the claim ${name} is, which would be hidden`);
  const temporary = scratch.find((each) => meets(path, each));
  return temporary === undefined ? undefined : because(path, temporary, "temporary files are");
}

function reservedFault(path: string, { reservedPaths = [] }: ServiceSpec, env: object): string | undefined {
  const rule = reservedPaths.find((one) => one.path.test(path) && (one.beside === undefined || one.beside in env));
  return rule && `can't be mounted there: ${rule.why}`;
}

function twiceFault(path: string, before: ServiceConfig["extraVolumes"]): string | undefined {
  const i = before.findIndex((other) => meets(path, other.path));
  return i === -1 ? undefined : because(path, before[i]!.path, `extraVolumes[${i}] is`);
}

function pathFault(path: string, spec: ServiceSpec, config: ServiceConfig, i: number): string | undefined {
  return (
    dataFault(path, spec, config) ??
    reservedFault(path, spec, config.env ?? {}) ??
    systemFault(path) ??
    twiceFault(path, config.extraVolumes.slice(0, i))
  );
}

function formFault({ configMap, secret, items, subPath }: ExtraVolumeConfig): [string[], string] | undefined {
  if ((configMap === undefined) === (secret === undefined))
    return [[], "must name the object whose files it has: either configMap or secret"];
  if (subPath !== undefined && items && !items.some(({ path }) => isIn(path, subPath)))
    return [["subPath"], `"${subPath}" is the path of none of its items`];
  return undefined;
}

/** The extra volumes that would hide what a container has at their place, and those that can't be. */
export function checkVolumes(spec: ServiceSpec, config: ServiceConfig): Fault[] {
  return config.extraVolumes.flatMap((volume, i): Fault[] => {
    const at = ["services", spec.name, "extraVolumes", i];
    const wrong = formFault(volume);
    const misplaced = pathFault(volume.path, spec, config, i);
    return [
      ...(wrong ? [{ path: pathText([...at, ...wrong[0]]), message: wrong[1] }] : []),
      ...(misplaced === undefined ? [] : [{ path: pathText([...at, "path"]), message: misplaced }]),
    ];
  });
}
