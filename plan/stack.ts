import { pathText } from "../model/config-path";
import { namingDefaults } from "../model/inherited";
import { certificateName } from "../model/tls";
import { mirrored } from "../model/registry";
import type { Backend, BackendDefaults } from "../model/backend";
import type { StackConfig } from "../model/config";
import { checkAccess, planAccess } from "./access";
import { checkBackends, planBackends } from "./backends";
import { checkBackups, planBackup, planBackups } from "./backups";
import { checkClaimNames, planClaims } from "./claims";
import { checkClasses, listClasses } from "./classes";
import { planBegin } from "./fills";
import { checkMoves } from "./moves";
import { neededBy, reachedBy, type Placed } from "./network";
import { planNodes } from "./node-preparation";
import { withOwnProgram } from "./own-program";
import { checkNetwork, checkNodePorts, plainOutside } from "./settings/check-network";
import { checkRequirements } from "./requirements";
import { checkRestores } from "./restores";
import { checkResources } from "./resources";
import { checkVersion, planService } from "./service";
import { checkContainers, withContainer } from "./settings/container";
import { checkClients, encryptedServices, plainStandIns, planTls, trusts, withTls } from "./tls";
import { planVelero } from "./velero";
import type { ServiceSpec } from "../model/service-spec";
import type { Known } from "../model/known";
import type { Fault, NamespacePlan, Planned, ServicePlan } from "../model/plan";

/** Decides everything that the stack will be, from its config and the catalogues alone. */
export function planStack(config: StackConfig, known: Pick<Known, "services" | "backends" | "nodes">): Planned {
  const { services: catalogue, backends: types } = known;
  const faults = [...config.faults];
  const classes = listClasses(config.backends, types);
  const encrypted = encryptedServices(config, catalogue);
  const all = placeServices(config, catalogue, encrypted);
  const warnings = [...plainStandIns(config, catalogue), ...[...all.values()].flatMap(plainOutside)];
  const services = [...all.values()].map((placed): ServicePlan => {
    const protect = placed.config.protect ?? config.protect;
    const {
      claims,
      faults: wrong,
      warnings: unwise,
    } = planClaims(placed.spec, placed.config, placed.namespace, protect, classes);
    warnings.push(...unwise);
    faults.push(...wrong.filter(({ about }) => config.backendsKnown || about !== "placement"));
    const backup = planBackup(placed, claims, config.backups, config.owner);
    const begins = planBegin(placed, claims, config.backups);
    const service = {
      ...planService(placed, claims, protect, all),
      ...(backup && { backup }),
      ...(begins && { begins }),
    };
    const backedUp = planVelero(config.velero, placed, service, classes, () => backup !== undefined);
    warnings.push(...backedUp.warnings);
    faults.push(...backedUp.faults);
    return backedUp.service;
  });
  faults.push(...checkBackends(config.backends, types));
  faults.push(
    ...(config.backendsKnown ? checkClasses(classes) : []),
    ...checkNamespaces(services, config.backends, types),
    ...checkAccess(
      config.access,
      services.map(({ namespace }) => namespace),
    ),
    ...checkClaimNames(services.flatMap(({ claims }) => claims)),
    ...services.flatMap(({ claims }) => [...checkMoves(claims), ...checkRestores(claims, config)]),
  );
  faults.push(
    ...checkBackups(config, services, classes),
    ...checkRequirements(all, catalogue.keys()),
    ...checkClients(config, catalogue, encrypted),
    ...[...all.values()].flatMap((placed) => [
      ...checkResources(placed),
      ...checkVersion(placed),
      ...checkNetwork(placed),
    ]),
    ...checkNodePorts(all.values()),
    ...checkContainers(config, catalogue, encrypted),
  );
  const prepared = planNodes(config, known.nodes);
  faults.push(...prepared.faults);
  services.sort((a, b) => depth(a.name, all) - depth(b.name, all));
  // A second fault of the same value is about the placeholder that replaced it, so it is left out.
  const first = faults.filter(({ path }, i) => faults.findIndex((fault) => fault.path === path) === i);
  const sound = faults.length === 0;
  const backends = sound ? planBackends(config.backends, types, services, defaultsOf(config)) : [];
  const cluster = config.cluster ?? { context: "", identifier: "" };
  const { owner, mover, adopting } = config;
  const tls = planTls(config, services);
  const ground = { classes, protect: config.protect };
  const backups = planBackups(config.backups, services, owner, ground);
  const plan = {
    owner,
    cluster,
    backends,
    adopting,
    mover,
    switchOff: [],
    switchOn: [],
    ...(prepared.nodes.length > 0 && { nodes: prepared.nodes }),
    ...(backups && { backups }),
    namespaces: planNamespaces(services, config),
    ...(tls && { tls }),
    services,
  };
  return { plan, stack: owner.stack, faults: namingDefaults(first, config.inherited), warnings };
}

const defaultsOf = ({ charts, cluster }: StackConfig): BackendDefaults => ({
  ...(charts.mirror !== undefined && { mirror: charts.mirror }),
  ...(cluster?.kubeletDirectory !== undefined && { kubeletDirectory: cluster.kubeletDirectory }),
});

/** How many services have to come up before this one: those that others need come first. */
function depth(name: string, all: ReadonlyMap<string, Placed>, behind: string[] = []): number {
  const service = all.get(name);
  if (!service || behind.includes(name)) return 0;
  return Math.max(0, ...neededBy(service).map((needed) => 1 + depth(needed, all, [...behind, name])));
}

function placeServices(
  config: StackConfig,
  catalogue: ReadonlyMap<string, ServiceSpec>,
  encrypted: ReadonlySet<string>,
): Map<string, Placed> {
  const all = new Map<string, Placed>();
  for (const [name, settings] of config.services) {
    const entry = catalogue.get(name);
    const spec = entry && { ...entry, image: mirrored(entry.image, config.registry) };
    if (spec)
      all.set(name, {
        spec: withContainer(withOwnProgram(withTls(spec, settings, encrypted), settings), settings),
        config: settings,
        namespace: settings.namespace ?? spec.namespace,
        callers: [],
        ...(encrypted.has(name) && { certificate: certificateName(name, config.tls.certManager !== undefined) }),
        trusts: trusts(spec, settings, encrypted),
      });
  }
  for (const [name, service] of all) reachedBy(service).forEach((target) => all.get(target)?.callers.push(name));
  return all;
}

/** This stack makes and deletes its services' namespaces, so they must not be namespaces that others use. */
function checkNamespaces(
  services: ServicePlan[],
  backends: StackConfig["backends"],
  types: ReadonlyMap<string, Backend>,
): Fault[] {
  const taken = new Set([
    "default",
    ...[...backends].flatMap(([name, { type }]) => types.get(type)?.namespace?.(name) ?? []),
  ]);
  return services
    .filter(({ namespace }) => taken.has(namespace) || namespace.startsWith("kube-"))
    .map(({ name, namespace }) => ({
      path: pathText(["services", name, "namespace"]),
      message: `"${namespace}" is not for services; name a namespace that only services of this stack use`,
    }));
}

/** Each namespace once; it is protected as soon as one of its services is. */
function planNamespaces(
  services: ServicePlan[],
  { access, backups, protect }: Pick<StackConfig, "access" | "backups" | "protect">,
): NamespacePlan[] {
  const protectedBy = new Map<string, boolean>();
  for (const { namespace, protect } of services)
    protectedBy.set(namespace, protect || (protectedBy.get(namespace) ?? false));
  const ofServices = [...protectedBy].map(([name, protect]) => ({
    name,
    protect,
    ...(access && { access: planAccess(name, access) }),
  }));
  // The repository's password is for no people.
  const ofBackups = backups && { name: backups.namespace, protect: protect && backups.repository.claim !== undefined };
  return [...ofServices, ...(ofBackups ? [ofBackups] : [])];
}
