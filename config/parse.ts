import type { z } from "zod";
import type { Backend } from "../model/backend";
import type { ServiceSpec } from "../model/service-spec";
import type { BackendConfig, RawConfig, ServiceConfig, StackConfig } from "../model/config";
import type { Known } from "../model/known";
import type { Fault } from "../model/plan";
import { suggest } from "../model/nearest";
import { pathText } from "../model/config-path";
import { Hidden } from "../model/hidden";
import { withMirrors } from "./mirrors";
import { registrySchema } from "./registry";
import { accessSchema } from "./access";
import { backendDefaults, defaultsSchema, withDefaults } from "./defaults";
import { backupsSchema } from "./backups";
import { plain, show } from "./fields";
import { dnsLabel } from "./forms";
import { chartsSchema } from "./charts";
import { clusterSchema, moverSchema, preflightSchema, protectSchema } from "./sections";
import { tlsSchema } from "./tls";
import { nameFaults } from "./names";
import { nodeAccessSchema, readNodes } from "./nodes";
import { salvage } from "./salvage";
import { misplacedSecrets } from "./secrets";
import { serviceSchema, serviceShape } from "./services";
import { veleroSchema } from "./velero";

/** The program does not use `policy`: it holds levels and settings of the policy pack's rules (docs/policies.md). */
const sections = [
  "cluster",
  "backends",
  "services",
  "defaults",
  "registry",
  "protect",
  "tls",
  "mover",
  "backups",
  "access",
  "nodes",
  "nodeAccess",
  "preflight",
  "charts",
  "velero",
  "policy",
];

/** Reads every section as far as it goes, so that all faults come at once. */
export function parseConfig(raw: RawConfig, known: Known): StackConfig {
  const faults: Fault[] = [...nameFaults(raw.owner), ...misplacedSecrets(raw.values, raw.owner.project)];
  const read = <T>(schema: z.ZodType<T>, path: PropertyKey[], value: unknown): T | undefined => {
    const result = schema.safeParse(value);
    // Of a hidden value it was said already that it can't be kept there.
    const issues = result.error?.issues.filter((issue) => !isHidden(value, issue.path)) ?? [];
    faults.push(...describeIssues(path, value, issues));
    return result.data;
  };
  for (const key of Object.keys(raw.values).filter((key) => !sections.includes(key))) {
    faults.push({ path: key, message: `unknown key; ${suggest(key, sections)}` });
  }
  const { values } = raw;
  const { cluster, backends, services, defaults, protect, tls, mover, access, preflight, charts, backups } = values;
  const registry = values.registry === undefined ? undefined : read(registrySchema, ["registry"], values.registry);
  if (defaults !== undefined) read(defaultsSchema, ["defaults"], defaults);
  const inherited = new Map<string, string>();
  const inherit: Inherit = (entry, path, keys) => withDefaults(entry, defaults, keys, path, inherited);
  const preflightConfig = preflightSchema(known.checks);
  const config = {
    owner: raw.owner,
    adopting: raw.adopting ?? false,
    cluster: read(clusterSchema, ["cluster"], cluster),
    ...readBackends(read, faults, backends, known.backends, inherit),
    mover: read(moverSchema, ["mover"], mover ?? {}) ?? moverSchema.parse({}),
    backupsNamed: backups !== undefined,
    ...(backups !== undefined && { backups: read(backupsSchema, ["backups"], backups) }),
    ...(access !== undefined && { access: read(accessSchema, ["access"], access) }),
    nodes: readNodes(read, faults, values.nodes, known.nodes),
    nodeAccess: read(nodeAccessSchema, ["nodeAccess"], values.nodeAccess ?? {}) ?? nodeAccessSchema.parse({}),
    preflight: read(preflightConfig, ["preflight"], preflight ?? {}) ?? preflightConfig.parse({}),
    charts: read(chartsSchema, ["charts"], charts ?? {}) ?? {},
    services: readServices(read, faults, services, known.services, inherit),
    protect: read(protectSchema, ["protect"], protect) ?? true,
    tls: read(tlsSchema, ["tls"], tls ?? {}) ?? tlsSchema.parse({}),
    velero: read(veleroSchema, ["velero"], values.velero ?? {}) ?? veleroSchema.parse({}),
    inherited,
    ...(registry !== undefined && { registry }),
  };
  return withMirrors({ ...config, faults }, raw.values, known.backends);
}

/** An entry with the stack's defaults of these keys. */
type Inherit = (entry: unknown, path: string[], keys: readonly string[]) => unknown;

type Read = <T>(schema: z.ZodType<T>, path: PropertyKey[], value: unknown) => T | undefined;

function entries(section: string, value: unknown, faults: Fault[]): [string, unknown][] {
  if (value instanceof Hidden) return [];
  if (value && typeof value === "object" && !Array.isArray(value)) return Object.entries(value);
  faults.push({
    path: section,
    message:
      value === undefined
        ? "is missing"
        : `must be an object with an entry for each of the ${section}, not ${show(value)}`,
  });
  return [];
}

function readBackends(
  read: Read,
  faults: Fault[],
  value: unknown,
  types: ReadonlyMap<string, Backend>,
  inherit: Inherit,
): Pick<StackConfig, "backends" | "backendsKnown"> {
  const backends = new Map<string, BackendConfig>();
  let backendsKnown = value !== undefined;
  for (const [name, entry] of entries("backends", value, faults)) {
    const type = (entry as { type?: unknown } | null)?.type;
    if (entry instanceof Hidden || type instanceof Hidden) {
      backendsKnown = false;
      continue;
    }
    const backend = types.get(plain(type));
    if (!backend) {
      const message =
        type === undefined
          ? `is missing; ${suggest("", types.keys())}`
          : `unknown type of backend ${show(type)}; ${suggest(plain(type), types.keys())}`;
      faults.push({ path: pathText(["backends", name, "type"]), message });
      backendsKnown = false;
      continue;
    }
    read(dnsLabel, ["backends", name], name);
    const keys = backendDefaults.filter((key) => key in ((backend.schema as { shape?: object }).shape ?? {}));
    const whole = inherit(entry, ["backends", name], keys);
    const settings = read(backend.schema, ["backends", name], whole) ?? salvage(backend.schema, whole);
    if (settings === undefined) backendsKnown = false;
    else backends.set(name, { type: backend.type, settings });
  }
  return { backends, backendsKnown };
}

function readServices(
  read: Read,
  faults: Fault[],
  value: unknown,
  catalogue: ReadonlyMap<string, ServiceSpec>,
  inherit: Inherit,
): Map<string, ServiceConfig> {
  const services = new Map<string, ServiceConfig>();
  for (const [name, entry] of entries("services", value, faults)) {
    const spec = catalogue.get(name);
    if (!spec) {
      faults.push({
        path: pathText(["services", name]),
        message: `unknown service; ${suggest(name, catalogue.keys())}`,
      });
      continue;
    }
    const schema = serviceSchema(spec);
    const whole = inherit(entry, ["services", name], Object.keys(serviceShape(spec)));
    const settings = read(schema, ["services", name], whole) ?? salvage(schema, whole);
    if (settings !== undefined) services.set(name, settings);
  }
  return services;
}

/** One fault for each unknown key and each broken field, with its path. */
function describeIssues(path: PropertyKey[], value: unknown, issues: z.core.$ZodIssue[]): Fault[] {
  return issues.flatMap((issue): Fault[] => {
    const at = [...path, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      const messages = issue.message.split("\n");
      return issue.keys.map((key, i) => ({ path: pathText([...at, key]), message: messages[i] ?? issue.message }));
    }
    const missing = valueAt(value, issue.path) === undefined;
    return [{ path: pathText(at), message: missing ? "is missing" : issue.message }];
  });
}

const isHidden = (value: unknown, path: PropertyKey[]) =>
  path.some((_, i) => valueAt(value, path.slice(0, i + 1)) instanceof Hidden);

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined | null)?.[key], value);
}
