import { pathText } from "../../model/config-path";
import type { ReservedVariable } from "../../model/container-settings";
import type { Fault } from "../../model/plan";
import type { ServiceSpec } from "../../model/service-spec";

/** What Kubernetes takes for a variable's name, without what a shell could make of it. */
const form = /^[A-Za-z_][-A-Za-z0-9_.]*$/;

/** Many images read a variable from the file that the same name with this ending has. */
const ofFile = (name: string) => name.replace(/_FILE$/i, "");

const same = (name: string) => ofFile(name).toUpperCase();

const general: ReservedVariable[] = [
  { name: /^PATH$/, why: "the container's start finds its programs by it" },
  { name: /^HOSTNAME$/, why: "it is the pod's name, by which it is reached" },
];

function reservedFault(
  { name: service, env, replaceable = [], reserved = [] }: ServiceSpec,
  name: string,
): string | undefined {
  // With room enough for every variable that the catalogue makes from it.
  const room = { memory: Number.MAX_SAFE_INTEGER, volume: Number.MAX_SAFE_INTEGER };
  const set = (env?.({ host: () => "", ...room }) ?? []).map((variable) => variable.name);
  const rule = [...reserved, ...general].find(
    (one) =>
      [name, ofFile(name)].some((text) => new RegExp(one.name.source, "i").test(text)) &&
      (one.beside === undefined || set.includes(one.beside)),
  );
  if (rule) return `can't be set here: ${rule.why}`;
  const own = set.find((each) => same(each) === same(name));
  if (own === undefined || replaceable.includes(name)) return undefined;
  return `can't be set here: ${service} needs the value that the catalogue gives to ${own}`;
}

/** The variables of the config that would take away what the catalogue needs, or that can't be. */
export function checkVariables(spec: ServiceSpec, env: Readonly<Record<string, unknown>>): Fault[] {
  return Object.keys(env).flatMap((name): Fault[] => {
    const path = pathText(["services", spec.name, "env", name]);
    if (!form.test(name))
      return [
        {
          path,
          message:
            'is no name of a variable; one has letters, digits, "_", "-" and ".", and begins with a letter or "_"',
        },
      ];
    const message = spec.ownProgram ? undefined : reservedFault(spec, name);
    return message === undefined ? [] : [{ path, message }];
  });
}
