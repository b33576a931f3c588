import { unguarded } from "../unguarded";
import { backendTypes } from "../../backends/catalogue";
import * as pulumi from "@pulumi/pulumi";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parse } from "yaml";
import { createServices } from "../../components/services";
import { Storage } from "../../components/storage";
import { planConfig } from "../../ops/pulumi/stack-plan";
import { settle } from "../../plan/cluster";
import type { StoragePlan } from "../../model/plan";
import { catalogue } from "../../services/catalogue";
import type { Manifest } from "./checkers";

const project = "cluster-storage";

/** The committed config of a stack: what stands below `config:`. */
export async function committedConfig(stack: string): Promise<Record<string, unknown>> {
  const file = resolve(__dirname, "../..", `Pulumi.${stack}.yaml`);
  return (parse(await readFile(file, "utf8")) as { config: Record<string, unknown> }).config;
}

/** The plan of a stack config on a cluster without classes of its own; throws when it has faults. */
export function planOf(stack: string, config: Record<string, unknown>, services = catalogue): StoragePlan {
  const { plan, faults } = planConfig(config, { project, stack }, services);
  if (faults.length > 0) throw new Error(faults.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  return settle(plan, { classes: [], claims: [] }).plan;
}

/** A value in place of a generated one, by the resource's name. */
export type PasswordFor = (name: string, length: number) => string;

/** The Kubernetes objects that the components make of a plan, in their order, without a cluster. */
export async function objectsOf(
  plan: StoragePlan,
  passwordFor: PasswordFor = (_name, length) => "x".repeat(length),
): Promise<Manifest[]> {
  const objects: Manifest[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (type.startsWith("kubernetes:")) objects.push(plain(inputs) as Manifest);
        const isPassword = type === "random:index/randomPassword:RandomPassword";
        return { id: name, state: isPassword ? { ...inputs, result: passwordFor(name, inputs.length) } : inputs };
      },
      call: ({ inputs }) => inputs,
    },
    project,
    plan.owner.stack,
  );
  const storage = new Storage("storage", { ...plan, types: backendTypes });
  createServices({ ...plan, storage, ...unguarded }, {});
  await pulumi.runtime.disconnect();
  return objects;
}

/** As an API server gets it: without Pulumi's mark on secrets and without fields that are undefined. */
function plain(inputs: object): unknown {
  const { specialSigKey, specialSecretSig } = pulumi.runtime;
  return JSON.parse(
    JSON.stringify(inputs, (_key, value) => (value?.[specialSigKey] === specialSecretSig ? value.value : value)),
  );
}
