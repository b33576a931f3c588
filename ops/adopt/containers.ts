import type { LiveContainer } from "../../model/service-spec";
import { mountsOf, podOf, type Container } from "./workloads";
import type { LiveObject } from "./types";

/** Values of ConfigMaps and Secrets by `Kind namespace/name`, as text. */
export type Settings = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** The ConfigMaps and Secrets that give a workload's containers their variables, by `Kind namespace/name`. */
export function settingsOf(object: LiveObject): string[] {
  const { namespace = "" } = object.metadata;
  const { containers = [] } = podOf(object);
  return containers
    .flatMap(({ env = [], envFrom = [] }) => [
      ...env.flatMap(({ valueFrom: { secretKeyRef, configMapKeyRef } = {} }) => [
        ...named("Secret", secretKeyRef),
        ...named("ConfigMap", configMapKeyRef),
      ]),
      ...envFrom.flatMap(({ secretRef, configMapRef }) => [
        ...named("Secret", secretRef),
        ...named("ConfigMap", configMapRef),
      ]),
    ])
    .map(([kind, name]) => `${kind} ${namespace}/${name}`);
}

const named = (kind: string, ref: { name: string } | undefined): [string, string][] => (ref ? [[kind, ref.name]] : []);

/** A workload's containers, live or planned, with the values of their variables as far as `settings` has them. */
export function containersOf(object: object, settings: Settings): LiveContainer[] {
  const { name, namespace = "" } = (object as LiveObject).metadata;
  const pod = podOf(object);
  const mounts = mountsOf(object, name).filter(({ claim }) => claim !== "");
  return (pod.containers ?? []).map((container) => ({
    image: container.image,
    uid: container.securityContext?.runAsUser ?? pod.securityContext?.runAsUser,
    env: environment(container, namespace, settings),
    mounts: mounts
      .filter(({ container: of }) => of === container.name)
      .map(({ claim, path, subPath }) => ({ claim, path, subPath })),
  }));
}

/** As the kubelet does it: what comes from whole objects first, then what is named, which wins. */
function environment({ env = [], envFrom = [] }: Container, namespace: string, settings: Settings) {
  const at = (kind: string, ref: { name: string } | undefined) =>
    ref && settings.get(`${kind} ${namespace}/${ref.name}`);
  const whole = envFrom.flatMap(({ prefix = "", secretRef, configMapRef }) =>
    Object.entries({ ...at("Secret", secretRef), ...at("ConfigMap", configMapRef) }).map(([name, value]) => ({
      name: `${prefix}${name}`,
      value,
    })),
  );
  const single = env.map(({ name, value, valueFrom }): { name: string; value?: string } => {
    if (!valueFrom) return { name, value: value ?? "" };
    const { secretKeyRef, configMapKeyRef } = valueFrom;
    const found = secretKeyRef
      ? at("Secret", secretKeyRef)?.[secretKeyRef.key]
      : configMapKeyRef && at("ConfigMap", configMapKeyRef)?.[configMapKeyRef.key];
    return { name, value: found };
  });
  return [...whole, ...single];
}
