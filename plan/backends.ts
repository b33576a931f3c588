import { pathText } from "../model/config-path";
import type { Backend, BackendClass, BackendDefaults } from "../model/backend";
import type { StackConfig } from "../model/config";
import { volumesOf } from "./claims";
import type { BackendPlan, Capabilities, ClassPlan, UsedClass, VolumePlan } from "../model/storage";
import type { Fault, ServicePlan } from "../model/plan";

type Backends = StackConfig["backends"];
type Types = ReadonlyMap<string, Backend>;

/** What is wrong with the backends' own settings, and between two of one type. */
export function checkBackends(backends: Backends, types: Types): Fault[] {
  const own = [...backends].flatMap(([name, { type, settings }]) => {
    const faults = types.get(type)?.check(name, settings) ?? [];
    return faults.map(({ path, message }) => ({ path: `${pathText(["backends", name])}.${path}`, message }));
  });
  return [...own, ...checkNames(backends, types), ...checkInstalledOnce(backends, types)];
}

/** The suffix that is longest of those that names of a backend's own objects have, which are labels and namespaces. */
const longestSuffix = "-provisioner";

function checkNames(backends: Backends, types: Types): Fault[] {
  const most = 63 - longestSuffix.length;
  return [...backends.keys()]
    .filter((name) => name.length > most && types.get(backends.get(name)!.type)?.namespace?.(name)?.includes(name))
    .map((name) => ({
      path: pathText(["backends", name]),
      message:
        `has a name of ${name.length} characters, and its objects' names are longer by "${longestSuffix}", where ` +
        `Kubernetes takes 63; give it ${most} at most`,
    }));
}

/** Two operators of one kind, or two drivers of one name, work against each other. */
function checkInstalledOnce(backends: Backends, types: Types): Fault[] {
  const installing = [...backends].filter(([, { type, settings }]) => types.get(type)?.once?.(settings));
  return installing.flatMap(([name, { type }], i): Fault[] => {
    const first = installing.slice(0, i).find(([, other]) => other.type === type);
    if (!first) return [];
    return [
      {
        path: pathText(["backends", name, "install"]),
        message:
          `${type} is installed once in a cluster, and backend "${first[0]}" does it already; set install: ` +
          "false here, and keep the class",
      },
    ];
  });
}

/** What each backend brings, given the volumes that go there. */
export function planBackends(
  backends: Backends,
  types: Types,
  services: ServicePlan[],
  defaults: BackendDefaults = {},
): BackendPlan[] {
  const volumes = volumesOf(services.flatMap(({ claims }) => claims));
  return [...backends].flatMap(([name, { type, settings }]) => {
    const kind = types.get(type);
    const own = volumes.filter(({ backend }) => backend === name);
    return kind ? [planBackend(name, kind, settings, own, defaults)] : [];
  });
}

function planBackend(
  name: string,
  kind: Backend,
  settings: unknown,
  volumes: VolumePlan[],
  defaults: BackendDefaults,
): BackendPlan {
  const classes = kind.classes(name, settings);
  const install = kind.installs?.(name, settings, volumes, defaults);
  return {
    name,
    type: kind.type,
    classes: classes.flatMap((known) => planMade(name, known, kind.capabilities(settings))),
    uses: classes.flatMap(planUsed),
    ...(install && { install }),
  };
}

function planMade(
  backend: string,
  { name, isDefault, make, capabilities }: BackendClass,
  ofBackend: Capabilities,
): ClassPlan[] {
  if (!make) return [];
  const { provisioner, reclaimPolicy, parameters, mountOptions, annotations } = make;
  return [
    {
      name,
      backend,
      provisioner,
      reclaimPolicy,
      isDefault,
      capabilities: capabilities ?? ofBackend,
      ...(mountOptions && { mountOptions }),
      parameters,
      annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault), ...annotations },
    },
  ];
}

const planUsed = ({ name, isDefault, use }: BackendClass): UsedClass[] => (use ? [{ name, isDefault, ...use }] : []);
