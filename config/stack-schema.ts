import { z } from "zod";
import type { Known } from "../model/known";
import { accessSchema } from "./access";
import { backupsSchema } from "./backups";
import { alternativesOf } from "./fields";
import type { JsonSchema } from "./json-schema";
import { labelForm, nameForm } from "./forms";
import { nodeAccessSchema } from "./nodes";
import { chartsSchema } from "./charts";
import { clusterSchema, moverSchema, preflightSchema, protectSchema } from "./sections";
import { defaultsSchema, defaultsShape, mergeDepth } from "./defaults";
import { registrySchema } from "./registry";
import { serviceSchema } from "./services";
import { tlsSchema } from "./tls";
import { veleroSchema } from "./velero";
import { share } from "./shared-definitions";

/** The JSON Schema of a whole `Pulumi.STACK.yaml`, by which an editor completes and checks it. */

/** A zod schema as JSON Schema, as far as patterns, types and bounds can say it. */
export function jsonOf(schema: z.core.$ZodType): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const forms = alternativesOf(zodSchema as z.core.$ZodType);
      if (forms) Object.assign(jsonSchema, { anyOf: forms.map(jsonOf) });
    },
  });
  return json as JsonSchema;
}

/** A rule of the policy pack, with its settings by name. */
export interface PolicyRule {
  name: string;
  description?: string;
  settings?: Record<string, JsonSchema>;
}

const levels = ["advisory", "mandatory", "disabled"];
const levelOf = (description?: string): JsonSchema => ({
  type: "string",
  enum: levels,
  ...(description && { description }),
});

function policyForm({ description, settings = {} }: PolicyRule): JsonSchema {
  return {
    ...(description && { description }),
    anyOf: [
      levelOf(),
      {
        ...closed({ enforcementLevel: levelOf("What a broken rule does."), ...settings }),
        additionalProperties: false,
      },
    ],
  };
}

const closed = (properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema => ({
  type: "object",
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});

/** A service's form in which `null` takes a default away, or one key of it. */
const withoutDefaults = (form: JsonSchema): JsonSchema =>
  eachProperty(form, (key, each) => (key in defaultsShape ? orNull(nullable(each, mergeDepth(key))) : each));

/** A map's form in which keys can be `null`, as deep as defaults are merged. */
function nullable(form: JsonSchema, depth: number): JsonSchema {
  if (depth === 0) return form;
  const more = form.additionalProperties;
  const open = typeof more === "object" ? { ...form, additionalProperties: orNull(nullable(more, depth - 1)) } : form;
  return open.properties ? eachProperty(open, (_, each) => orNull(nullable(each, depth - 1))) : open;
}

const eachProperty = (form: JsonSchema, change: (key: string, each: JsonSchema) => JsonSchema): JsonSchema => ({
  ...form,
  properties: Object.fromEntries(
    Object.entries(form.properties ?? {}).map(([key, each]) => [key, change(key, each)]),
  ) as Record<string, JsonSchema>,
});

/** What describes the form stays outside, where editors look for it. */
const orNull = ({ description, otherwise, unlisted, ...form }: JsonSchema): JsonSchema => ({
  anyOf: [form, { type: "null" }],
  ...(description !== undefined && { description }),
  ...(otherwise !== undefined && { otherwise }),
  ...(unlisted ? { unlisted } : {}),
});

/** The sections of the config by key. Backends and services are those that are known. */
export function sectionSchemas(known: Known, policies: readonly PolicyRule[]): Record<string, JsonSchema> {
  return {
    cluster: { ...jsonOf(clusterSchema), description: "The cluster that the stack is deployed to." },
    backends: {
      type: "object",
      description: "Where volumes come from, by a name of your choice. Exactly one has `default: true`.",
      propertyNames: { pattern: labelForm.source },
      additionalProperties: { anyOf: [...known.backends.values()].map(({ schema }) => jsonOf(schema)) },
    },
    services: {
      ...closed(
        Object.fromEntries(
          [...known.services.values()].map((spec) => [spec.name, withoutDefaults(jsonOf(serviceSchema(spec)))]),
        ),
      ),
      description: "The services that run: each that has an entry.",
    },
    defaults: {
      ...jsonOf(defaultsSchema),
      description: "Settings of every service that doesn't say them itself (docs/defaults.md).",
    },
    registry: {
      ...jsonOf(registrySchema),
      description:
        "Where images are got that the program chooses or that are named without a registry: one place for all, or " +
        "by the beginning of their whole names, such as `docker.io` (docs/versions.md).",
    },
    protect: jsonOf(protectSchema),
    tls: { ...jsonOf(tlsSchema), description: "Encryption of the connections to services (docs/in-flight.md)." },
    velero: { ...jsonOf(veleroSchema), description: "Velero beside the stack (docs/velero.md)." },
    mover: { ...jsonOf(moverSchema), description: "What carries data from one volume to another." },
    backups: { ...jsonOf(backupsSchema), description: "Where and when services are backed up (docs/backups.md)." },
    access: { ...jsonOf(accessSchema), description: "Roles for people in the services' namespaces, and who has them." },
    nodes: {
      type: "object",
      description: "Nodes that the update prepares, by their names in the cluster (docs/nodes.md).",
      propertyNames: { pattern: nameForm.source },
      additionalProperties: { anyOf: [...known.nodes.values()].map(({ schema }) => jsonOf(schema)) },
    },
    nodeAccess: { ...jsonOf(nodeAccessSchema), description: "How the nodes in `nodes` are reached (docs/nodes.md)." },
    preflight: { ...jsonOf(preflightSchema(known.checks)), description: "The checks before an update." },
    charts: { ...jsonOf(chartsSchema), description: "Where the backends' Helm charts are fetched (docs/charts.md)." },
    policy: {
      ...closed(Object.fromEntries(policies.map((rule) => [rule.name, policyForm(rule)]))),
      description: "Levels and settings of the policy pack's rules.",
    },
  };
}

/** `project`: the prefix of the sections in the file. */
export function stackFileSchema(project: string, known: Known, policies: readonly PolicyRule[]): JsonSchema {
  const sections = Object.entries(sectionSchemas(known, policies)).map(([key, form]) => [`${project}:${key}`, form]);
  const config = {
    ...closed(
      Object.fromEntries(sections) as Record<string, JsonSchema>,
      ["cluster", "backends", "services"].map((key) => `${project}:${key}`),
    ),
    description: "The stack's config. Keys of Pulumi and of providers are theirs to check.",
    patternProperties: { [`^(?!${project}:)[^:]+:`]: true },
  };
  return share({
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `A stack of ${project}`,
    $comment: "Written by npm run schema.",
    ...closed(
      {
        config,
        encryptionsalt: { type: "string", description: "Pulumi's, for secrets by a passphrase." },
        encryptedkey: { type: "string", description: "Pulumi's, for secrets by a key of a cloud." },
        secretsprovider: { type: "string", description: "Pulumi's: what encrypts the stack's secrets." },
        environment: { description: "Pulumi's: ESC environments of the stack." },
      },
      ["config"],
    ),
  });
}
