import * as pulumi from "@pulumi/pulumi";

/** Kubernetes' objects, as deep as they come: a test that reads a wrong path fails by itself. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = Record<string, any>;

/** A resource as a component registered it. */
export interface Recorded {
  type: string;
  name: string;
  inputs: Loose;
  opts: pulumi.CustomResourceOptions;
  /** Type and name of the parent, where it has one. */
  parent?: string;
}

interface Registered {
  type: string;
  name: string;
  inputs: Loose;
}

/** A value that nobody could have guessed, recognisable in what it leads to. */
export const generated = (name: string) => `generated-${name}`;

let registered: Registered[] = [];
let options = new Map<string, { opts: pulumi.CustomResourceOptions; parent?: string }>();

const id = (type: string, name: string) => `${type} ${name}`;

async function start(made: boolean): Promise<void> {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs });
      const state: Loose =
        type === "random:index/randomPassword:RandomPassword" ? { ...inputs, result: generated(name) } : { ...inputs };
      if (type.endsWith(":Role") && made) state.metadata = { ...state.metadata, uid: `uid-of-${name}` };
      return { id: name, state };
    },
    call: () => ({}),
  });
}

/** Mocks are not told of the options; a transformation is. */
const observe: pulumi.ResourceTransformation = ({ type, name, opts }) => {
  const parent = opts.parent as unknown as { __pulumiType: string; __name: string } | undefined;
  options.set(id(type, name), {
    opts: opts as pulumi.CustomResourceOptions,
    parent: parent && id(parent.__pulumiType, parent.__name),
  });
  return undefined;
};

/**
 * Everything that `create` registers with these options, with plain inputs, in no particular order. `made`: whether the
 * cluster has the objects then, and not where an update with --target leaves them out.
 */
export async function record(
  create: (opts: pulumi.ComponentResourceOptions) => void,
  made = true,
): Promise<Recorded[]> {
  // Each time: other tests of the same process have mocks of their own.
  await start(made);
  registered = [];
  options = new Map();
  create({ transformations: [observe] });
  await pulumi.runtime.disconnect();
  return Promise.all(
    registered.map(async ({ type, name, inputs }) => {
      const recorded = options.get(id(type, name));
      return { type, name, inputs: inputs, opts: recorded?.opts ?? {}, parent: recorded?.parent };
    }),
  );
}

/**
 * What a secret input holds; anything else is an error, because a value that is not secret ends up in the state as it
 * is.
 */
export function secretOf(input: Record<string, unknown>): unknown {
  if (input["4dabf18193072939515e22adb298388d"] !== "1b47061264138c4ac30d75fd1eb44270")
    throw new Error(`not a secret: ${JSON.stringify(input)}`);
  return input.value;
}

/** The one resource, components aside, of a type's last part and a name. */
export function one(all: Recorded[], kind: string, name: string): Recorded {
  const found = all.filter(
    (resource) =>
      !resource.type.startsWith("cluster-storage:") &&
      resource.type.split(":").at(-1) === kind &&
      resource.name === name,
  );
  if (found.length !== 1)
    throw new Error(
      `${found.length} resources ${kind} ${name} among ${all.map(({ type, name }) => id(type, name)).join(", ")}`,
    );
  return found[0]!;
}

/** Names of all resources of a kind, sorted. */
export const names = (all: Recorded[], kind: string) =>
  all
    .filter(({ type }) => type.split(":").at(-1) === kind)
    .map(({ name }) => name)
    .sort();

/** What a resource comes after, as `Kind name`. */
export const dependencies = ({ opts }: Recorded) =>
  ([opts.dependsOn ?? []].flat() as unknown as { __name: string; __pulumiType: string }[]).map(
    ({ __pulumiType, __name }) => `${__pulumiType.split(":").at(-1)} ${__name}`,
  );
