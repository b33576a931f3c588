import type { Refusal, ServiceSpec } from "../../model/service-spec";
import { catalogue } from "../../services/catalogue";
import { nameOf } from "./claims";
import type { Credential, LiveObject, Planned } from "./types";
import { podOf, type Container, type Volume } from "./workloads";

/** Where a value may be found: written out in the workload, or in a Secret. */
export type Source = { value: string; from: string } | { secret: string; key: string };

/**
 * A generated value of the program and the places where the cluster may have it. The first place that has it counts.
 */
export interface Wanted {
  urn: string;
  service: string;
  namespace: string;
  key: string;
  sources: Source[];
}

const passwordType = "random:index/randomPassword:RandomPassword";

/**
 * The values that the program would generate anew. Each comes with the places where the old value may be: the service's
 * own Secret first, then the live workload.
 */
export function wantedCredentials(planned: readonly Planned[], live: ReadonlyMap<string, LiveObject>): Wanted[] {
  return planned
    .filter(({ type, urn }, _, all) => type === passwordType && !all.some((other) => replaces(other.urn, urn)))
    .flatMap((password) => {
      const secret = planned.find(
        ({ type, parent }) => type === "kubernetes:core/v1:Secret" && parent === password.parent,
      );
      if (!secret) return [];
      const { name: service, namespace = "" } = nameOf(secret);
      const key = lastGeneration(password.urn).value.slice(service.length + 1);
      const workload = planned.find(
        (resource) =>
          /:(Deployment|StatefulSet)$/.test(resource.type) &&
          nameOf(resource).name === service &&
          nameOf(resource).namespace === namespace,
      );
      // The live password is the administrator's, which the service is not to know any more.
      const mayKeep = !catalogue.get(service)?.database?.wasAdministrators;
      const elsewhere = workload && mayKeep ? sourcesIn(workload, live.get(workload.urn), service, key) : [];
      return [{ urn: password.urn, service, namespace, key, sources: [{ secret: service, key }, ...elsewhere] }];
    });
}

/** A value's name without the number that it got when it was given anew, and the number. */
function lastGeneration(urn: string): { value: string; generation: number } {
  const [, value = "", number] = /^(.*?)(?:-(\d+))?$/.exec(urn.split("::").pop() ?? "") ?? [];
  return { value, generation: Number(number ?? 1) };
}

/** Whether the first value was given in the place of the second one. Only the last one is in the cluster. */
function replaces(later: string, urn: string): boolean {
  const [a, b] = [lastGeneration(later), lastGeneration(urn)];
  return a.value === b.value && a.generation > b.generation;
}

/**
 * Returns the values that were found. A missing value is a fault if the service has data (`held`, by service) that was
 * made with it.
 */
export function pickCredentials(
  wanted: readonly Wanted[],
  secrets: ReadonlyMap<string, string>,
  held: ReadonlySet<string>,
  services: ReadonlyMap<string, ServiceSpec> = catalogue,
): { found: Credential[]; faults: { wanted: Wanted; fault: Refusal }[] } {
  const found: Credential[] = [];
  const faults: { wanted: Wanted; fault: Refusal }[] = [];
  for (const credential of wanted) {
    const { urn, service, namespace, key, sources } = credential;
    const value = sources.map((source) => read(source, namespace, secrets)).find((known) => known !== undefined);
    if (value) found.push({ urn, service, ...value });
    else if (held.has(service) && isBoundToData(services.get(service), key)) {
      const wayOut =
        `put the value into a Secret: kubectl -n ${namespace} create secret generic ${service} ` +
        `--from-literal=${key}=VALUE`;
      faults.push({
        wanted: credential,
        fault: {
          why:
            `its data was made with a ${key} that is in no Secret and in no running workload, and a new one can't ` +
            "open the data",
          wayOut,
        },
      });
    }
  }
  return { found, faults };
}

/** Whether the service's data was made with this value. With another value, nobody could open the data. */
const isBoundToData = (spec: ServiceSpec | undefined, key: string) =>
  (spec?.secrets ?? []).some((secret) => secret.key === key && secret.boundToData);

function read(
  source: Source,
  namespace: string,
  secrets: ReadonlyMap<string, string>,
): { value: string; from: string } | undefined {
  if ("value" in source) return source;
  const value = secrets.get(`${namespace}/${source.secret}/${source.key}`);
  return value ? { value, from: `Secret ${source.secret}` } : undefined;
}

/**
 * Where the live pod has the value that the planned pod takes from its Secret: in the same variable or in
 * its `_FILE` form.
 */
function sourcesIn(planned: Planned, live: LiveObject | undefined, service: string, key: string): Source[] {
  const { containers: planContainers = [] } = podOf(planned.inputs);
  const { containers = [], volumes = [] } = podOf(live);
  return planContainers.flatMap(({ env = [] }) =>
    variablesOf(env, service, key).flatMap(({ name, pattern }) =>
      containers.flatMap((container) => sourcesOf(container, volumes, name, pattern)),
    ),
  );
}

/**
 * The variables that carry a key, and how their value holds it: as the whole value, as a file's path, or
 * inside another text.
 */
function variablesOf(
  env: NonNullable<Container["env"]>,
  service: string,
  key: string,
): { name: string; pattern: RegExp }[] {
  const whole = /^(.*)$/s;
  return env.flatMap(({ name, value, valueFrom }) => {
    if (value === `/run/secrets/${service}/${key}`) return [{ name: name.replace(/_FILE$/, ""), pattern: whole }];
    if (valueFrom?.secretKeyRef?.name !== service || valueFrom.secretKeyRef.key !== key) return [];
    const within = env.filter((other) => other.value?.includes(`$(${name})`));
    return [
      { name, pattern: whole },
      ...within.map((other) => ({ name: other.name, pattern: patternOf(other.value ?? "", name) })),
    ];
  });
}

/** Turns `neo4j/$(PASSWORD)` into an expression whose group is the password. */
function patternOf(text: string, variable: string): RegExp {
  const [before = "", after = ""] = text.split(`$(${variable})`);
  return new RegExp(`^${escape(before)}(.+)${escape(after)}$`, "s");
}

const escape = (text: string) => text.replace(/[$()*+.?[\\\]^{|}/]/g, "\\$&");

function sourcesOf(
  { env = [], envFrom = [], volumeMounts = [] }: Container,
  volumes: Volume[],
  name: string,
  pattern: RegExp,
): Source[] {
  const direct = env
    .filter((variable) => variable.name === name)
    .flatMap(({ value, valueFrom }): Source[] => {
      const inside = value === undefined ? undefined : pattern.exec(value)?.[1];
      if (inside) return [{ value: inside, from: `variable ${name}` }];
      return valueFrom?.secretKeyRef ? [{ secret: valueFrom.secretKeyRef.name, key: valueFrom.secretKeyRef.key }] : [];
    });
  const groups = envFrom.flatMap(({ prefix = "", secretRef }): Source[] =>
    secretRef && name.startsWith(prefix) ? [{ secret: secretRef.name, key: name.slice(prefix.length) }] : [],
  );
  const file = env.find((variable) => variable.name === `${name}_FILE`)?.value;
  const mounts = file === undefined ? [] : volumeMounts.filter(({ mountPath }) => file.startsWith(`${mountPath}/`));
  const files = mounts.flatMap((mount): Source[] => {
    const secret = volumes.find((volume) => volume.name === mount.name)?.secret;
    const below = (file ?? "").slice(mount.mountPath.length + 1);
    return secret
      ? [{ secret: secret.secretName, key: secret.items?.find(({ path }) => path === below)?.key ?? below }]
      : [];
  });
  return [...direct, ...groups, ...files];
}
