import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse, stringify } from "yaml";
import { unguarded } from "../unguarded";
import { backendTypes } from "../../backends/catalogue";
import { createServices } from "../../components/services";
import { Storage } from "../../components/storage";
import { readConfig } from "../../config/read";
import { known } from "../../known";
import { isSealed, mapLeaves } from "../../model/hidden";
import type { StackConfig } from "../../model/config";
import type { StoragePlan } from "../../model/plan";
import { record, type Recorded } from "../components/recorded";

/** A stack file with secrets, and what Pulumi gives the program of it. */

/** A stack file: `{ secure: TEXT }` is a secret, whose text is here in plain. */
type Values = Record<string, unknown>;

/** Reads the config as the program does. The file says what is secret, and the program gets the values. */
export async function readSecretConfig(values: Values, fileValues = values): Promise<StackConfig> {
  const directory = await mkdtemp(join(tmpdir(), "secret-config-"));
  const sealed = mapLeaves(fileValues, (part) => (isSealed(part) ? { secure: "v1:AAAA:BBBB" } : undefined));
  const file = join(directory, "Pulumi.test.yaml");
  await writeFile(file, stringify({ config: sealed }));
  const mocks = { newResource: ({ name }: { name: string }) => ({ id: name, state: {} }), call: () => ({}) };
  await pulumi.runtime.setMocks(mocks, "cluster-storage", "test");
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, textOf(openAll(value))])),
    Object.entries(values)
      .filter(([, value]) => JSON.stringify(value).includes('"secure"'))
      .map(([key]) => key),
  );
  process.env.CLUSTER_STORAGE_CONFIG_FILE = file;
  try {
    return readConfig(known);
  } finally {
    delete process.env.CLUSTER_STORAGE_CONFIG_FILE;
    pulumi.runtime.setAllConfig({});
    await rm(directory, { recursive: true });
  }
}

const openAll = (value: unknown) =>
  mapLeaves(value, (part) => (isSealed(part) ? (part as { secure: string }).secure : undefined));

const textOf = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** The `config:` of YAML text. */
export const valuesOf = (yaml: string): Values => (parse(yaml) as { config: Values }).config;

/** Everything that a plan comes to in the cluster. */
export const create = (plan: StoragePlan): Promise<Recorded[]> =>
  record((opts) =>
    createServices(
      { ...plan, storage: new Storage("storage", { ...plan, types: backendTypes }, opts), ...unguarded },
      opts,
    ),
  );
