import type { Kube } from "../../kube/client";
import { stackId, type Stack } from "../pulumi/stack";
import { catalogue } from "../../services/catalogue";
import { nameOf } from "./claims";
import { serviceOf } from "./config-path";
import { containersOf } from "./containers";
import { refuseOwner } from "./decide";
import { lookAt, removeLooks, type Look } from "./look";
import { workloadOf } from "./looked";
import { podOf } from "./workloads";
import type { Facts, Planned } from "./types";

/**
 * Adds what is on the volumes of the planned claims that the cluster has. Others' claims, those that are being deleted
 * and those without a volume are left alone.
 */
export async function lookAtClaims(
  kube: Kube,
  planned: readonly Planned[],
  facts: Facts,
  stack: Stack,
): Promise<Facts> {
  const wanted = planned.flatMap((claim) => {
    const live = facts.live.get(claim.urn);
    const workload = workloadOf(claim, planned);
    const { name, namespace = "" } = nameOf(claim);
    if (!live || !workload || !catalogue.get(serviceOf(claim))?.data || !claim.type.endsWith(":PersistentVolumeClaim"))
      return [];
    const whole = live.status?.phase === "Bound" && live.metadata.deletionTimestamp === undefined;
    if (!whole || live.spec?.volumeMode === "Block" || refuseOwner(live, stackId(stack)).length > 0) return [];
    const container = containersOf(workload.inputs ?? {}, new Map()).find(({ mounts = [] }) =>
      mounts.some((mount) => mount.claim === name),
    );
    const { image = "", uid = 65_534 } = container ?? {};
    const imagePullSecrets = podOf(workload.inputs).imagePullSecrets?.map(({ name }) => name);
    const modes = (live.spec?.accessModes ?? []) as string[];
    return [
      {
        urn: claim.urn,
        modes,
        at: { namespace, claim: name, image, uid, gid: uid, ...(imagePullSecrets && { imagePullSecrets }) },
      },
    ];
  });
  await removeLooks(kube, new Set(wanted.map(({ at: { namespace } }) => namespace)));
  const looks = await Promise.all(
    wanted.map(async ({ urn, at, modes }): Promise<[string, Look]> => [urn, await lookAt(kube, at, modes)]),
  );
  return { ...facts, looks: new Map(looks) };
}
