import { z } from "zod";
import { object, record, textOr } from "../../config/fields";
import { accessMode, dnsName, nodePath, size } from "../../config/forms";
import { bytes } from "../../model/quantity";
import type { VolumePlan } from "../../model/storage";
import type { Fault } from "../../model/plan";
import { mustBeEncrypted } from "../shared/encryption";
import { staticChecks } from "./checks";
import type { PersistentVolumePlan, StaticInstall } from "./volumes";
import type { Backend, ClaimDecision, ClaimRequest } from "../../model/backend";

/** A directory of a node, for which a PersistentVolume is made. The directory has to exist already. */
const directory = object({
  node: dnsName.describe("The node that has the directory."),
  path: nodePath.describe("The directory, which has to be there already."),
  size: size.describe("Size of the volume, with its unit."),
  accessMode: accessMode.default("ReadWriteOnce").describe("How the volume can be mounted."),
});

const schema = object({
  type: z.literal("static"),
  encrypted: mustBeEncrypted,
  volumes: record(textOr(dnsName, directory)).describe(
    "By claim (`CLAIM`, or `NAMESPACE/CLAIM`): the name of a PersistentVolume that is there, or the directory to " +
      "make one of.",
  ),
});

type StaticConfig = z.infer<typeof schema>;

/** A claim's volume, which the config names by `namespace/claim` or by the claim's name alone. */
function volumeOf({ namespace, name }: Pick<ClaimRequest, "namespace" | "name">, { volumes }: StaticConfig) {
  return volumes[`${namespace}/${name}`] ?? volumes[name];
}

const volumeName = ({ namespace, name }: Pick<ClaimRequest, "namespace" | "name">) => `${namespace}-${name}`;

function claim(request: ClaimRequest, config: StaticConfig): ClaimDecision {
  const volume = volumeOf(request, config);
  if (volume === undefined) {
    return {
      refusal: {
        message:
          `has no volume for claim ${request.name}; add it to the backend's volumes, as ${request.name}: { ` +
          `node: …, path: …, size: ${request.size} } or by a PersistentVolume's name`,
      },
    };
  }
  if (typeof volume === "string") return { settings: { volumeName: volume } };
  if ((bytes(request.size) ?? 0) > (bytes(volume.size) ?? 0))
    return {
      refusal: {
        field: "size",
        message: `${request.size} is more than the ${volume.size} of its volume ${volume.path} on ${volume.node}`,
      },
    };
  if (request.accessMode !== volume.accessMode)
    return {
      refusal: {
        field: "accessMode",
        message: `is ${request.accessMode}, but its volume ${volume.path} on ${volume.node} is ${volume.accessMode}`,
      },
    };
  return { settings: { volumeName: volumeName(request) } };
}

/** Refuses two claims with one directory, because each would write into the other's data. */
function check(_name: string, { volumes }: StaticConfig): Fault[] {
  const places = Object.entries(volumes).map(([claim, volume]) => ({
    claim,
    place: typeof volume === "string" ? volume : `${volume.path} on ${volume.node}`,
  }));
  return places.flatMap(({ claim, place }, i): Fault[] => {
    const first = places.slice(0, i).find((other) => other.place === place);
    return first
      ? [
          {
            path: `volumes.${claim}`,
            message: `${place} is the volume of ${first.claim} already; each claim needs one of its own`,
          },
        ]
      : [];
  });
}

function install(volumes: VolumePlan[], config: StaticConfig): StaticInstall {
  return {
    makes: { cluster: { "": ["persistentvolumes"] } },
    volumes: volumes.flatMap((claim): PersistentVolumePlan[] => {
      const volume = volumeOf(claim, config);
      if (volume === undefined || typeof volume === "string") return [];
      const { name, namespace, service, protect } = claim;
      return [{ ...volume, name: volumeName(claim), service, protect, claim: { name, namespace } }];
    }),
  };
}

/** Volumes made by hand: directories of nodes, or PersistentVolumes by name. They need no class or provisioner. */
export const backend: Backend<StaticConfig, StaticInstall> = {
  type: "static",
  schema,
  capabilities: () => ({ expand: false, snapshot: false, enforcesSize: false, followsNode: true }),
  accessModes: () => ["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"],
  accessModeReason: "a volume has the modes that it was made with",
  classes: () => [{ name: "", isDefault: false }],
  check,
  checks: staticChecks,
  claim,
  installs: (_name, config, volumes) => install(volumes, config),
  create: (name, args, opts) =>
    new (require("./component") as typeof import("./component")).StaticVolumes(name, args, opts),
};
