import { execa } from "execa";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { checkout } from "../../ops/pulumi/project";
import { ensureStack, type Stack } from "../../ops/pulumi/stack";
import type { Ended } from "./cli";
import type { Cluster } from "./fixture";

/** A section of a stack's config, such as its backends by name. */
type Section = Record<string, object>;

/** A stack's config without the sections that say where it runs. */
export interface OtherConfig {
  backends: Section;
  services: Section;
  preflight?: object;
}

/** Another stack of this program, on the same cluster and with the same login as the dev stack. */
export function otherStack({ target }: Cluster, name: string): Stack {
  return { ...target.stack, name };
}

/** Runs the real CLI on another stack, with a config of its own; never throws for its failure. */
export async function pulumiOn(cluster: Cluster, stack: Stack, config: OtherConfig, args: string[]): Promise<Ended> {
  await ensureStack(stack);
  const scratch = await mkdtemp(join(tmpdir(), "config-"));
  const file = join(scratch, `Pulumi.${stack.name}.yaml`);
  await writeFile(file, stringify({ config: sections(cluster, config) }));
  const all = [
    ...args,
    "--stack",
    stack.name,
    "--config-file",
    file,
    "--suppress-outputs",
    "--non-interactive",
    "--color",
    "never",
  ];
  const { exitCode, all: printed } = await execa("pulumi", all, {
    cwd: checkout,
    env: stack.env,
    extendEnv: false,
    all: true,
    reject: false,
  });
  await rm(scratch, { recursive: true });
  return { exitCode, printed };
}

function sections({ overrides }: Cluster, { backends, services, preflight }: OtherConfig): object {
  const here = (section: string) => overrides[`cluster-storage:${section}`] as Section | undefined;
  const provisioner = { ...here("backends")?.["local-path"], path: undefined };
  return {
    "pulumi:autonaming": { mode: "disabled" },
    "pulumi:disable-default-providers": ["kubernetes"],
    "cluster-storage:cluster": here("cluster"),
    "cluster-storage:mover": here("mover"),
    "cluster-storage:preflight": { ...here("preflight"), ...preflight },
    "cluster-storage:backends": mapValues(backends, (backend) =>
      "type" in backend && backend.type === "local-path" ? { ...provisioner, ...backend } : backend,
    ),
    "cluster-storage:services": mapValues(services, (service, name) => ({ ...here("services")?.[name], ...service })),
  };
}

function mapValues(section: Section, change: (value: object, key: string) => object): Section {
  return Object.fromEntries(Object.entries(section).map(([key, value]) => [key, change(value, key)]));
}
