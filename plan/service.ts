import { pathText } from "../model/config-path";
import { bytes } from "../model/quantity";
import type { ServiceConfig } from "../model/config";
import { withExportRecipe } from "./export-recipe";
import { withKeys } from "./restores";
import { taggedVersion, writtenBy, writtenByStandIn } from "../model/engine-version";
import { planPages } from "./pages";
import { neededBy, planNetwork, type Placed } from "./network";
import { passesOf, planPod } from "./settings/pod";
import { planFront } from "./settings/network";
import { containerExtras } from "./settings/container";
import { namesOf } from "./tls";
import { mergeResources } from "./resources";
import { readyWithin } from "./waits";
import type { ServiceSpec } from "../model/service-spec";
import type { PersistenceCheck } from "../model/container";
import type { ClaimPlan } from "../model/storage";
import type { ContainerPlan, CredentialPlan, DatabasePlan, Fault, ServicePlan } from "../model/plan";

/** How the data of a stand-in is checked. A stand-in keeps its own records on the service's volume, each in a file. */
function standInCheck(spec: ServiceSpec): PersistenceCheck {
  const record = (method: string, body?: string) => ({
    http: { method, port: spec.ports[0]?.port ?? 80, path: "/stand-in/records/{{key}}", ...(body ? { body } : {}) },
  });
  const records = `${spec.claims[0]?.mounts[0]?.path ?? "/data"}/stand-in/records`;
  return {
    container: spec.name,
    write: [record("PUT", "{{value}}")],
    read: [record("GET")],
    remove: [{ exec: ["rm", "-f", `${records}/{{key}}`] }],
    list: [{ exec: ["ls", records] }],
  };
}

function imageOf(spec: ServiceSpec, config: ServiceConfig): { ref: string; standIn: boolean } {
  if (config.image === undefined) return { ref: spec.image, standIn: false };
  return typeof config.image === "string" ? { ref: config.image, standIn: false } : config.image;
}

function hostOf({ spec, namespace }: Placed): string {
  return `${spec.name}.${namespace}.svc.cluster.local`;
}

function planDatabase({ spec }: Placed, all: ReadonlyMap<string, Placed>): DatabasePlan | undefined {
  const server = spec.database && all.get(spec.database.service);
  const databases = server?.spec.databases;
  if (!spec.database || !databases) return undefined;
  const { service, name, role = name, secret, wasAdministrators } = spec.database;
  const [port] = server.spec.ports;
  const { imagePullPolicy } = server.config;
  const pod = planPod({ ...passesOf(server.config), imagePullPolicy });
  return {
    service,
    host: hostOf(server),
    port: port?.port ?? 5432,
    image: imageOf(server.spec, server.config).ref,
    ...(pod && { pod }),
    namespace: server.namespace,
    identity: server.spec.identity,
    readyWithin: readyWithin(server.config.graceSeconds ?? server.spec.graceSeconds, server.spec.probes),
    administrator: { name: databases.administrator, secretKey: databases.secret },
    name,
    role,
    secretKey: secret,
    ...(server.certificate && { tls: true }),
    ...(wasAdministrators && { takeOver: true }),
  };
}

function planContainer(
  { spec, config }: Placed,
  [first]: readonly ClaimPlan[],
  all: ReadonlyMap<string, Placed>,
): ContainerPlan {
  const resources = mergeResources(spec.resources, config.resources);
  const memory = bytes(resources.limits.memory ?? "") ?? 0;
  const volume = bytes(first?.size ?? "") ?? 0;
  const host = (service: string) => (all.has(service) ? hostOf(all.get(service)!) : "");
  return {
    image: imageOf(spec, config).ref,
    command: spec.command,
    args: spec.args,
    env: spec.env?.({ host, memory, volume }) ?? [],
    ports: spec.ports,
    probes: spec.probes,
    resources,
    readOnlyRoot: spec.readOnlyRoot,
    scratch: spec.scratch ?? [],
    ...containerExtras(spec, config, memory),
  };
}

function planEngine({ spec, config }: Placed): ServicePlan["engine"] {
  if (!spec.engine) return undefined;
  const { ref, standIn } = imageOf(spec, config);
  const { version, acceptLibc } = config;
  return {
    rules: spec.engine,
    planned: standIn ? writtenByStandIn(spec.engine, ref) : writtenBy(spec.engine, ref, version),
    ...(acceptLibc !== undefined && { acceptLibc }),
  };
}

/** A version that stayed in the config while the image's tag went on would be believed in the tag's place. */
export function checkVersion({ spec, config }: Placed): Fault[] {
  const { ref } = imageOf(spec, config);
  const tagged = spec.engine && taggedVersion(spec.engine, ref);
  if (config.version === undefined || tagged === undefined || tagged === config.version) return [];
  return [
    {
      path: pathText(["services", spec.name, "version"]),
      message: `is ${config.version}, but the tag of ${ref} says ${tagged}; leave it out`,
    },
  ];
}

function planCleanup({ spec, config }: Placed, claims: ClaimPlan[]): ServicePlan["cleanup"] {
  for (const claim of spec.claims) {
    const cleanup = config.claims[claim.name]?.cleanup;
    const planned = claims.find(({ volume, ephemeral }) => volume === claim.name && !ephemeral);
    if (cleanup && planned) {
      return {
        claim: planned.name,
        olderThanDays: Number.parseInt(cleanup.olderThan, 10),
        schedule: cleanup.schedule,
      };
    }
  }
  return undefined;
}

function planCredentials({ secrets = [] }: ServiceSpec, rotation: number): CredentialPlan[] {
  return secrets.map(({ key, length = 32, value, unchangeable, renewal }) => {
    const generation = value === undefined && unchangeable === undefined ? rotation : 1;
    const anew = generation > 1 && { generation, ...(renewal === "verifier" && { verifier: true }) };
    return { key, length, value, ...anew };
  });
}

/** A stand-in has no passwords in its data. */
function planRenewal(placed: Placed): Pick<ServicePlan, "renewal"> {
  const { spec, config } = placed;
  if ((config.rotation ?? 1) === 1 || imageOf(spec, config).standIn) return {};
  const [renewal] = (spec.secrets ?? []).flatMap(({ key, renewal: how }) =>
    typeof how === "object" ? [{ key, ...how, host: hostOf(placed) }] : [],
  );
  return renewal ? { renewal } : {};
}

/** A service as the components make it, from the catalogue's needs, the config's sizes, and the services around it. */
export function planService(
  placed: Placed,
  claims: ClaimPlan[],
  protect: boolean,
  all: ReadonlyMap<string, Placed>,
): ServicePlan {
  const { spec, config, namespace } = placed;
  const { standIn } = imageOf(spec, config);
  const pod = planPod(config);
  return {
    name: spec.name,
    component: spec.component,
    namespace,
    kind: spec.kind,
    run: config.run,
    protect,
    standIn,
    identity: spec.identity,
    graceSeconds: config.graceSeconds ?? spec.graceSeconds,
    ...(spec.sharedProcesses && { sharedProcesses: true }),
    container: planContainer(placed, claims, all),
    ...(pod && { pod }),
    ...planPages(spec, imageOf(spec, config).ref),
    engine: planEngine(placed),
    claims: claims.map((claim) => withKeys(withExportRecipe(claim, spec), spec)),
    credentials: planCredentials(spec, config.rotation ?? 1),
    rotation: config.rotation ?? 1,
    ...planRenewal(placed),
    network: planNetwork(placed, all),
    ...(config.service && { front: planFront(config.service) }),
    ...(placed.certificate && { tls: { names: namesOf(spec, namespace), secret: placed.certificate } }),
    ...(placed.trusts && { trusts: true }),
    needs: neededBy(placed).filter((name) => all.has(name)),
    database: planDatabase(placed, all),
    cleanup: planCleanup(placed, claims),
    address: `${hostOf(placed)}:${spec.ports[0]?.port}`,
    check: standIn ? standInCheck(spec) : spec.check,
  };
}
