import { suggest } from "../config/faults";
import type { ClaimConfig, ServiceConfig } from "../config/services";
import type { KnownClass } from "./classes";
import type { ClaimSpec, ServiceSpec } from "./spec";
import type { ClaimPlan, Fault } from "./types";

/** Where a claim's data goes: its class as the claim states it, and the class it will get. */
type Placement = { className?: string; known?: KnownClass } | { fault: Fault };

function place(config: ClaimConfig, path: string, classes: KnownClass[]): Placement {
  const { class: name, backend } = config;
  if (name !== undefined && backend !== undefined) return { fault: { path: `${path}.class`, message: `stands beside backend "${backend}", which has its own class; keep one of the two` } };
  if (name === "") return { className: "" };
  if (name === undefined && backend === undefined) return { known: classes.find(({ isDefault }) => isDefault) };
  const known = classes.find((known) => (name === undefined ? known.backend === backend : known.name === name));
  if (known) return { className: known.name, known };
  const [key, value, names] = name === undefined ? ["backend", backend ?? "", classes.map(({ backend }) => backend)] : ["class", name, classes.map(({ name }) => name)];
  return { fault: { path: `${path}.${key}`, message: `no backend of this stack ${key === "class" ? "has the class" : "is called"} "${value}"; ${suggest(value, names)}` } };
}

export function claimPath(service: string, spec: ClaimSpec): string {
  return spec.key ? `services.${service}.${spec.key}` : `services.${service}`;
}

/** The name that the claim has in the cluster: a template's claim gets its from the StatefulSet controller. */
function claimName(service: string, spec: ClaimSpec, config: ClaimConfig): string {
  return spec.template ? `${spec.name}-${service}-0` : (config.claim ?? spec.name);
}

/** What the provisioner is told of the directory's owner; group-writable and inherited, as the kubelet's fsGroup makes it. */
function ownership({ identity }: ServiceSpec): Record<string, string> {
  return { "cluster-storage/uid": String(identity.uid), "cluster-storage/gid": String(identity.gid), "cluster-storage/mode": "2770" };
}

export interface PlannedClaims {
  claims: ClaimPlan[];
  faults: Fault[];
}

/** A service's claims, and what is wrong with where they shall go. */
export function planClaims(spec: ServiceSpec, config: ServiceConfig, namespace: string, protect: boolean, classes: KnownClass[]): PlannedClaims {
  const planned: PlannedClaims = { claims: [], faults: [] };
  for (const claim of spec.claims) {
    const settings = config.claims[claim.name];
    if (!settings) continue;
    const path = claimPath(spec.name, claim);
    const placement = place(settings, path, classes);
    if ("fault" in placement) {
      planned.faults.push(placement.fault);
      continue;
    }
    planned.faults.push(...checkAccessMode(settings, path, placement.known));
    planned.claims.push({
      name: claimName(spec.name, claim, settings),
      service: spec.name,
      namespace,
      className: placement.className,
      size: settings.size,
      accessMode: settings.accessMode,
      backend: placement.known?.backend,
      mounts: claim.mounts,
      template: claim.template ? claim.name : undefined,
      protect,
      annotations: ownership(spec),
    });
  }
  return planned;
}

function checkAccessMode({ accessMode, cleanup }: ClaimConfig, path: string, known: KnownClass | undefined): Fault[] {
  const faults: Fault[] = [];
  if (known && !known.accessModes.includes(accessMode)) {
    const can = known.accessModes.join(" and ");
    faults.push({ path: `${path}.accessMode`, message: `${accessMode} is not possible on backend "${known.backend}", because ${known.accessModeReason}; it can do ${can}` });
  }
  if (cleanup && accessMode === "ReadWriteOncePod") {
    faults.push({ path: `${path}.cleanup`, message: "is not possible with ReadWriteOncePod, because the clean-up runs in a pod of its own; use ReadWriteOnce" });
  }
  return faults;
}

/** No two claims may have the same name in a namespace: the second would be the first's data. */
export function checkClaimNames(claims: ClaimPlan[]): Fault[] {
  return claims.flatMap((claim, i) => {
    const first = claims.slice(0, i).find(({ name, namespace }) => name === claim.name && namespace === claim.namespace);
    if (!first) return [];
    return [{ path: `services.${claim.service}`, message: `claim "${claim.name}" in namespace ${claim.namespace} is ${first.service === claim.service ? "there twice" : `that of ${first.service}`}; give it a name of its own` }];
  });
}
