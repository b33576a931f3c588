import type { ClusterPlan, PersistenceCheck, ServicePlan, StoragePlan, WorkloadKind } from "./types";

/** What the stack says of a service: what ops commands and people go by. No secrets. */
export interface ServiceOutput {
  namespace: string;
  kind: WorkloadKind;
  workload: string;
  run: boolean;
  claims: { name: string; mount: string; class: string; size: string; accessMode: string; backend: string }[];
  image: string;
  standIn: boolean;
  address: string;
  check: PersistenceCheck;
}

export interface StackOutputs {
  services: Record<string, ServiceOutput>;
  classes: Record<string, { backend: string; provisioner: string; reclaimPolicy: string; isDefault: boolean }>;
  cluster: Pick<ClusterPlan, "context" | "identifier">;
}

/** The stack's outputs. A claim's class is "" where it takes static volumes only. */
export function stackOutputs({ cluster, backends, services }: StoragePlan): StackOutputs {
  const classes = backends.flatMap((backend) => backend.classes);
  const fallback = backends.flatMap(({ classes, uses }) => [...classes, ...uses]).find(({ isDefault }) => isDefault)?.name ?? "";
  return {
    services: Object.fromEntries(services.map((service) => [service.name, serviceOutput(service, fallback)])),
    classes: Object.fromEntries(classes.map(({ name, backend, provisioner, reclaimPolicy, isDefault }) => [name, { backend, provisioner, reclaimPolicy, isDefault }])),
    cluster: { context: cluster.context, identifier: cluster.identifier },
  };
}

function serviceOutput(service: ServicePlan, defaultClass: string): ServiceOutput {
  const { name, namespace, kind, run, container, standIn, address, check } = service;
  const claims = service.claims.map((claim) => ({
    name: claim.name,
    mount: claim.mounts[0]?.path ?? "",
    class: claim.className ?? defaultClass,
    size: claim.size,
    accessMode: claim.accessMode,
    backend: claim.backend ?? "",
  }));
  return { namespace, kind, workload: name, run, claims, image: container.image, standIn, address, check };
}
