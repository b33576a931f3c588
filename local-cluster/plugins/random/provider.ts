import { changesBetween } from "../protocol/diff";
import type { Failure, Provider } from "../protocol/provider";
import { parseUrn } from "../protocol/urn";
import { containsUnknown, reveal, Unknown, type Properties } from "../protocol/values";
import { unknownString } from "../protocol/wire";
import { resources, type RandomResource } from "./resources";

/** The stand-in for @pulumi/random, without RandomPet, RandomShuffle, RandomUuid7, seeds and `bcryptHash`. */
export function randomProvider(version: string): Provider {
  return {
    version,
    configure: async () => undefined,
    async check({ urn, news }) {
      return { inputs: news, failures: missing(resourceOf(urn), news) };
    },
    // A random value can't be changed: if an argument changes, a new value replaces it.
    async diff({ urn, olds, oldInputs, news }) {
      const { defaults } = resourceOf(urn);
      const old = Object.keys(oldInputs).length > 0 ? oldInputs : argumentsIn(olds, news);
      const changes = changesBetween({ ...defaults, ...old }, { ...defaults, ...news });
      return { changes: changes.map((change) => ({ ...change, replace: true })), deleteBeforeReplace: false };
    },
    async create({ urn, inputs, preview }) {
      const resource = resourceOf(urn);
      const settings = { ...resource.defaults, ...inputs };
      if (preview || containsUnknown(inputs)) return { id: "", outputs: { ...settings, ...unknowns(resource) } };
      const { id, outputs } = resource.create(reveal(settings) as Properties);
      return { id, outputs: { ...settings, ...outputs } };
    },
    async read({ id, urn, state, inputs }) {
      if (Object.keys(state).length > 0) return { id, outputs: state, inputs };
      throw new Error(`${parseUrn(urn).type} can't be imported by the stand-in random plugin; the official plugin can`);
    },
    async update({ olds, news }) {
      return { ...olds, ...news };
    },
    delete: async () => undefined,
    async invoke({ token }) {
      throw new Error(`the random plugin has no function ${token}`);
    },
    cancel: () => undefined,
  };
}

function resourceOf(urn: string): RandomResource {
  const { type } = parseUrn(urn);
  const resource = resources[type];
  if (resource) return resource;
  throw new Error(
    `${type} is not supported by the stand-in random plugin of the local cluster; the official plugin has it`,
  );
}

function missing({ required }: RandomResource, news: Properties): Failure[] {
  return required
    .filter((name) => news[name] === undefined)
    .map((property) => ({ property, reason: `"${property}" is required` }));
}

function argumentsIn(state: Properties, news: Properties): Properties {
  return Object.fromEntries(Object.entries(state).filter(([key]) => key in news));
}

function unknowns({ computed }: RandomResource): Properties {
  return Object.fromEntries(computed.map((name) => [name, new Unknown(unknownString)]));
}
