import type { Policies, PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import type { Loose } from "../components/recorded";

export type Rule = Policies[number];

/** A resource as a rule is given it. */
export interface Judged {
  type: string;
  name: string;
  props: Loose;
  opts: { protect?: boolean };
  /** The types of the components that made it, the outermost first. */
  parents?: string[];
}

const urnOf = ({ type, name, parents = [] }: Judged, stack: string) =>
  `urn:pulumi:${stack}::cluster-storage::${[...parents, type].join("$")}::${name}`;

function settingsOf({ configSchema }: Rule, settings: object): object {
  const defaults = Object.entries(configSchema?.properties ?? {}).map(([name, schema]) => [name, schema.default]);
  return { ...Object.fromEntries(defaults), ...settings };
}

export interface Circumstances {
  stack?: string;
  /** What the policy config file says to the rule; the rule's defaults for the rest. */
  settings?: object;
}

/** What a rule has against these resources, as the engine would have it ask. */
export async function judge(
  rule: Rule,
  resources: Judged[],
  { stack = "test", settings = {} }: Circumstances = {},
): Promise<string[]> {
  const messages: string[] = [];
  const report = (message: string) => void messages.push(message);
  const common = { getConfig: <T>() => settingsOf(rule, settings) as T };
  if ("validateResource" in rule && typeof rule.validateResource === "function") {
    for (const resource of resources)
      await rule.validateResource(
        { ...common, ...resource, urn: urnOf(resource, stack) } as unknown as ResourceValidationArgs,
        report,
      );
  }
  if ("validateStack" in rule) {
    const all = resources.map(
      (resource) => ({ ...resource, urn: urnOf(resource, stack) }) as unknown as PolicyResource,
    );
    await rule.validateStack(
      { ...common, resources: all, stackTags: new Map(), notApplicable: () => assertNever() },
      report,
    );
  }
  return messages;
}

function assertNever(): never {
  throw new Error("no rule of ours says that it isn't applicable");
}
