import type { Move } from "../../model/mover";
import type { Claim, Container, Manifest, WorkloadSpec } from "./objects";
import { withPlaces } from "./places";
import { resized, withoutSpill } from "./switch";

/** A StatefulSet whose volume is `claim`, the move's target, which is a claim of the new template. */
export function withNewTemplate(
  { spec, ...manifest }: Manifest,
  move: Pick<Move, "kind" | "template" | "container" | "places">,
  claim: Pick<Claim, "spec">,
): Manifest {
  const { template: { from, to } = { from: "", to: "" }, container } = move;
  const renamed = (container: Container): Container => ({
    ...container,
    ...(container.volumeMounts && {
      volumeMounts: container.volumeMounts.map((mount) => (mount.name === from ? { ...mount, name: to } : mount)),
    }),
  });
  const { volumes: _, initContainers: __, ...pod } = withPlaces(spec.template.spec, move);
  const { containers = pod.containers } = resized(pod.containers, container);
  const { volumes, initContainers } = withoutSpill(spec.template.spec, from);
  // The old volume is either a template's or the pod's own.
  const others = volumes.filter((volume) => volume.name !== from);
  const own = { volumes: others, ...(initContainers && { initContainers: initContainers.map(renamed) }) };
  const templates = (spec.volumeClaimTemplates ?? []).filter(({ metadata }) => metadata.name !== from);
  return {
    ...manifest,
    spec: {
      ...spec,
      replicas: 1,
      template: { ...spec.template, spec: { ...pod, ...own, containers: containers.map(renamed) } },
      volumeClaimTemplates: [...templates, claimTemplate(claim, to)],
    },
  };
}

type Template = NonNullable<WorkloadSpec["volumeClaimTemplates"]>[number];

/** The claim exists already. The template describes it, and any further claim that is made from it. */
function claimTemplate(
  { spec: { accessModes, storageClassName, resources } }: Pick<Claim, "spec">,
  name: string,
): Template {
  return {
    metadata: { name },
    spec: {
      accessModes,
      ...(storageClassName !== undefined && { storageClassName }),
      resources: { requests: resources?.requests },
    },
  };
}
