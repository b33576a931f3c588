import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { secret, type Properties, type Value } from "../protocol/values";
import { randomText, type StringRules } from "./characters";

export interface RandomResource {
  /** Arguments that the user may leave out. */
  defaults: Properties;
  required: string[];
  /** Outputs that a preview can't know. */
  computed: string[];
  create(settings: Properties): { id: string; outputs: Properties };
}

const textDefaults: Properties = {
  lower: true,
  upper: true,
  numeric: true,
  number: true,
  special: true,
  minLower: 0,
  minUpper: 0,
  minNumeric: 0,
  minSpecial: 0,
  overrideSpecial: "",
};

/** The resources of @pulumi/random by type token. A change of any argument replaces the resource. */
export const resources: Record<string, RandomResource> = {
  "random:index/randomPassword:RandomPassword": {
    defaults: textDefaults,
    required: ["length"],
    computed: ["result"],
    create: (settings) => ({ id: "none", outputs: { result: secret(text(settings)) } }),
  },
  "random:index/randomString:RandomString": {
    defaults: textDefaults,
    required: ["length"],
    computed: ["result"],
    create(settings) {
      const result = text(settings);
      return { id: result, outputs: { result } };
    },
  },
  "random:index/randomId:RandomId": {
    defaults: { prefix: "" },
    required: ["byteLength"],
    computed: ["b64Std", "b64Url", "dec", "hex"],
    create: (settings) => randomId(bytes(settings.byteLength), String(settings.prefix)),
  },
  "random:index/randomBytes:RandomBytes": {
    defaults: {},
    required: ["length"],
    computed: ["base64", "hex"],
    create(settings) {
      const value = bytes(settings.length);
      return { id: "none", outputs: { base64: secret(value.toString("base64")), hex: secret(value.toString("hex")) } };
    },
  },
  "random:index/randomUuid:RandomUuid": uuid(),
  "random:index/randomUuid4:RandomUuid4": uuid(),
  "random:index/randomInteger:RandomInteger": {
    defaults: { seed: "" },
    required: ["min", "max"],
    computed: ["result"],
    create({ min, max, seed }) {
      if (seed !== "")
        throw new Error("the stand-in random plugin does not support a seed; the official plugin has it");
      if (Number(min) > Number(max)) throw new Error(`min ${String(min)} is above max ${String(max)}`);
      const result = randomInt(Number(min), Number(max) + 1);
      return { id: String(result), outputs: { result } };
    },
  },
};

function uuid(): RandomResource {
  return {
    defaults: {},
    required: [],
    computed: ["result"],
    create() {
      const result = randomUUID();
      return { id: result, outputs: { result } };
    },
  };
}

function text(settings: Properties): string {
  const rules = settings as unknown as StringRules & { number: boolean };
  // `number` is the old name of `numeric`.
  return randomText({ ...rules, numeric: rules.numeric && rules.number });
}

function bytes(length: Value): Buffer {
  if (!Number.isInteger(length) || Number(length) < 1)
    throw new Error(`a number of bytes must be a whole number above 0, not ${String(length)}`);
  return randomBytes(Number(length));
}

function randomId(value: Buffer, prefix: string): { id: string; outputs: Properties } {
  const id = value.toString("base64url");
  return {
    id,
    outputs: {
      b64Url: prefix + id,
      b64Std: prefix + value.toString("base64"),
      hex: prefix + value.toString("hex"),
      dec: prefix + BigInt(`0x${value.toString("hex")}`).toString(),
    },
  };
}
