import { pathText } from "../../model/config-path";
import type { ServiceConfig, StackConfig } from "../../model/config";
import type { ContainerExtras, VariableConfig } from "../../model/container-settings";
import type { EnvVar } from "../../model/container";
import { Hidden } from "../../model/hidden";
import type { Fault } from "../../model/plan";
import { bytes } from "../../model/quantity";
import type { ServiceSpec } from "../../model/service-spec";
import { withTls } from "../tls";
import { checkArguments, withArguments } from "./arguments";
import { checkPatience, withPatience } from "./patience";
import { checkVariables } from "./variables";
import { checkVolumes } from "./volumes";

/** What the config says of a container beside its image and resources, and what of it can't be. */

function variable(name: string, value: VariableConfig): EnvVar {
  if (value instanceof Hidden) return { name, hidden: value };
  if (typeof value === "string") return { name, value };
  return "secret" in value
    ? { name, from: { kind: "Secret", ...value.secret } }
    : { name, from: { kind: "ConfigMap", ...value.configMap } };
}

/** The catalogue's entry with the config's variables, arguments and patience. */
export function withContainer(spec: ServiceSpec, config: ServiceConfig): ServiceSpec {
  const env = config.env ?? {};
  const added = Object.entries(env).map(([name, value]) => variable(name, value));
  return {
    ...spec,
    ...withArguments(spec, config.args),
    probes: withPatience(spec.probes, config.probes),
    env: (context) => [...(spec.env?.(context) ?? []).filter(({ name }) => env[name] === undefined), ...added],
  };
}

/** `memory`: the container's limit in bytes. */
export function containerExtras(spec: ServiceSpec, config: ServiceConfig, memory: number): ContainerExtras {
  const shm = config.shm ?? spec.shm?.(memory);
  const extraVolumes = config.extraVolumes.map(({ configMap, secret, ...volume }) => ({
    ...volume,
    ...(secret === undefined
      ? { kind: "ConfigMap" as const, name: configMap ?? "" }
      : { kind: "Secret" as const, name: secret }),
  }));
  return { ...(shm !== undefined && { shm }), ...(extraVolumes.length > 0 && { extraVolumes }) };
}

/** What is in /dev/shm counts as the container's memory. */
function checkShm(spec: ServiceSpec, { shm, resources }: ServiceConfig): Fault[] {
  const limit = resources?.limits.memory ?? spec.resources.limits.memory ?? "";
  const [room, memory] = [bytes(shm ?? ""), bytes(limit)];
  if (room === undefined || memory === undefined || room < memory) return [];
  return [
    {
      path: pathText(["services", spec.name, "shm"]),
      message:
        `${shm} is not below the memory limit ${limit}, towards which it counts: the kernel would end the program ` +
        `before it is full; lower it, or raise services.${spec.name}.resources.limits.memory`,
    },
  ];
}

/** Everything that these settings of the stack's services can't be. */
export function checkContainers(
  config: StackConfig,
  catalogue: ReadonlyMap<string, ServiceSpec>,
  encrypted: ReadonlySet<string>,
): Fault[] {
  return [...config.services].flatMap(([name, settings]): Fault[] => {
    const entry = catalogue.get(name);
    if (!entry) return [];
    const spec = withTls(entry, settings, encrypted);
    return [
      ...checkVariables(spec, settings.env ?? {}),
      ...checkArguments(spec, settings.args ?? []),
      ...checkVolumes(spec, settings),
      ...checkShm(spec, settings),
      ...checkPatience(spec, settings.probes ?? {}),
    ];
  });
}
