import type { types } from "@pulumi/kubernetes";
import type { EnvVar, Probe, ProbeAction, Probes } from "../model/container";
import type { ClaimPlan } from "../model/storage";
import { canonical } from "../model/quantity";
import { stackLabels } from "../model/metadata";
import type { MoverPlan, Owner, ServicePlan } from "../model/plan";
import { scratchName } from "../model/temporary";
import { ownAmounts } from "../plan/pod-room";
import { placeFields, withSecretsOf } from "../plan/settings/pod";
import { secretVariable, waitForDatabase } from "./database-scripts";
import { extraMounts, extraVolumes, namedVariable } from "./extra-volumes";
import { containerSecurity, podDefaults } from "./pod-defaults";
import { secretEnvName } from "./secret-env";
import { sizedVariable } from "./sized-env";
import { tlsMounts, tlsVolumes } from "./tls-volumes";
import { moveName, spillContainers, spillVolumes } from "./spill";

type PodSpec = types.input.core.v1.PodSpec;
type Container = types.input.core.v1.Container;
type Volume = types.input.core.v1.Volume;

const secretDirectory = (service: string) => `/run/secrets/${service}`;

function environment(service: string, env: EnvVar[]): types.input.core.v1.EnvVar[] {
  return env.map((entry) => {
    if ("value" in entry) return entry;
    if ("sized" in entry) return sizedVariable(service, entry.name);
    if ("from" in entry) return namedVariable(entry.name, entry.from);
    if ("hidden" in entry) return secretVariable(entry.name, secretEnvName(service), entry.name);
    if ("secretFile" in entry) return { name: entry.name, value: `${secretDirectory(service)}/${entry.secretFile}` };
    return secretVariable(entry.name, entry.of ?? service, entry.secret);
  });
}

function probeAction(action: ProbeAction): types.input.core.v1.Probe {
  if ("exec" in action) return { exec: { command: action.exec } };
  return "http" in action ? { httpGet: action.http } : { tcpSocket: { port: action.tcp } };
}

function probe({ action, ...timing }: Probe): types.input.core.v1.Probe {
  return { ...probeAction(action), ...timing };
}

function probes({ startup, readiness, liveness }: Probes): Partial<Container> {
  return {
    ...(startup && { startupProbe: probe(startup) }),
    readinessProbe: probe(readiness),
    ...(liveness && { livenessProbe: probe(liveness) }),
  };
}

/** Where the pod mounts each of a service's claims, its scratch directories and its secret files. */
function volumeMounts(service: ServicePlan): types.input.core.v1.VolumeMount[] {
  const claims = service.claims.flatMap(({ volume, mounts }) =>
    mounts.map(({ path, subPath }) => ({ name: volume, mountPath: path, ...(subPath && { subPath }) })),
  );
  const scratch = service.container.scratch.map((mountPath, i) => ({ name: scratchName(i), mountPath }));
  const secrets = hasSecretFiles(service)
    ? [{ name: "credentials", mountPath: secretDirectory(service.name), readOnly: true }]
    : [];
  return [...claims, ...scratch, ...secrets, ...tlsMounts(service), ...extraMounts(service.container)];
}

/**
 * A claim's volume in the pod. Each generation has the same volume name, so a move changes the claim and nothing
 * else.
 */
function dataVolume({ volume, name, ephemeral, size }: ClaimPlan): Volume {
  return {
    name: volume,
    ...(ephemeral ? { emptyDir: { sizeLimit: canonical(size) } } : { persistentVolumeClaim: { claimName: name } }),
  };
}

/** The pod's volumes without claims from a template, which the StatefulSet adds itself. */
function volumes(service: ServicePlan, mover?: MoverPlan): Volume[] {
  const claims = service.claims.filter(({ template, ephemeral }) => !template || ephemeral).map(dataVolume);
  const scratch = service.container.scratch.map((_, i) => ({ name: scratchName(i), emptyDir: { sizeLimit: "1Gi" } }));
  const secrets = hasSecretFiles(service)
    ? [{ name: "credentials", secret: { secretName: service.name, defaultMode: 0o440 } }]
    : [];
  const certificates = tlsVolumes(service);
  return [
    ...claims,
    ...scratch,
    ...secrets,
    ...certificates,
    ...extraVolumes(service.container),
    ...(mover ? spillVolumes(service, moveName(service)) : []),
  ];
}

const hasSecretFiles = ({ container }: ServicePlan) => container.env.some((entry) => "secretFile" in entry);

/** The service's container as far as a move into or out of the pod's own directories changes it. */
export const movedContainer = (service: ServicePlan) => ({ name: service.name, resources: ownAmounts(service) });

function mainContainer(service: ServicePlan): Container {
  const { container, name } = service;
  return {
    name,
    image: container.image,
    imagePullPolicy: service.pod?.imagePullPolicy ?? "IfNotPresent",
    ...(container.command && { command: container.command }),
    ...(container.args && { args: container.args }),
    env: environment(name, container.env),
    ports: container.ports.map(({ name, port }) => ({ name, containerPort: port, protocol: "TCP" })),
    ...probes(container.probes),
    resources: ownAmounts(service),
    securityContext: containerSecurity(container.readOnlyRoot),
    volumeMounts: volumeMounts(service),
  };
}

/** The init containers, which run before the service's container starts. */
function initContainers(service: ServicePlan, mover?: MoverPlan): Container[] {
  return [
    ...(mover ? spillContainers(service, mover) : []),
    ...(service.database ? [waitForDatabase(service.name, service.database)] : []),
  ];
}

/** The parts of a pod that a spill changes. */
export function spillPod(service: ServicePlan, mover: MoverPlan) {
  return { initContainers: initContainers(service, mover), volumes: volumes(service, mover) };
}

/** The pod of a service. `mover`: the image that fills the pod's own directories in a spill. */
export function servicePod(owner: Owner, service: ServicePlan, mover?: MoverPlan): PodSpec {
  const before = initContainers(service, mover);
  // A container that waits for the database has the server's image.
  const pod = withSecretsOf(service.pod, service.database?.pod);
  return {
    ...podDefaults(service.identity),
    ...placeFields(pod, stackLabels(owner)),
    serviceAccountName: service.name,
    ...(service.sharedProcesses && { shareProcessNamespace: true }),
    terminationGracePeriodSeconds: service.graceSeconds,
    ...(before.length > 0 && { initContainers: before }),
    containers: [mainContainer(service)],
    volumes: volumes(service, mover),
  };
}
