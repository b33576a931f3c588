import { execa } from "execa";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse, stringify } from "yaml";
import { checkout } from "../../ops/pulumi/project";
import { ensureStack, pulumi, type Stack } from "../../ops/pulumi/stack";
import type { Ended } from "./cli";
import type { Cluster } from "./fixture";
import { ifThere } from "../../ops/pulumi/if-there";

/** A stack of its own whose config is local-path and the nodes that a test gives; it has no services. */
export class PreparedStack {
  private constructor(
    readonly stack: Stack,
    private readonly folder: string,
    private readonly base: object,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** `nodes`: have their volumes in the user volume "prepared". `env`: for all its runs; BIN goes before the PATH. */
  static async make(
    { target, overrides }: Cluster,
    nodes: readonly string[],
    env: NodeJS.ProcessEnv,
  ): Promise<PreparedStack> {
    const stack = { ...target.stack, name: "prepared" };
    const folder = await mkdtemp(join(tmpdir(), "prepared-"));
    const here = (section: string) => overrides[`cluster-storage:${section}`] as Record<string, object>;
    const base = {
      "pulumi:autonaming": { mode: "disabled" },
      "pulumi:disable-default-providers": ["kubernetes"],
      "cluster-storage:cluster": here("cluster"),
      "cluster-storage:preflight": here("preflight"),
      "cluster-storage:mover": here("mover"),
      "cluster-storage:backends": {
        "local-path": {
          type: "local-path",
          default: true,
          reclaimPolicy: "Delete",
          ...here("backends")["local-path"],
          nodes: Object.fromEntries(nodes.map((name) => [name, ["/var/mnt/prepared"]])),
        },
      },
      "cluster-storage:services": {},
    };
    const made = new PreparedStack(stack, folder, base, env);
    await ensureStack(stack);
    await writeFile(made.file, stringify({ config: base }));
    return made;
  }

  private get file(): string {
    return join(this.folder, `Pulumi.${this.stack.name}.yaml`);
  }

  private get options() {
    const PATH = [this.env.BIN, this.stack.env.PATH].join(delimiter);
    const env = { ...this.stack.env, ...this.env, PATH, CLUSTER_STORAGE_CONFIG_FILE: this.file };
    return { cwd: checkout, env, extendEnv: false, all: true, reject: false } as const;
  }

  async setSecret(key: string, value: string): Promise<void> {
    const args = ["config", "set", "--secret", "--path", key, "--stack", this.stack.name, "--config-file", this.file];
    await pulumi(this.stack, args, { input: value });
  }

  /** Begins a run of the CLI with these sections beside the others. */
  start(sections: Record<string, object>, ...args: string[]) {
    const { config, ...rest } = parse(readFileSync(this.file, "utf8")) as { config: Record<string, unknown> };
    const all = ["--stack", this.stack.name, "--config-file", this.file, "--suppress-outputs", "--non-interactive"];
    const text = stringify({ ...rest, config: { ...config, ...this.base, ...sections } });
    writeFileSync(this.file, text);
    return execa("pulumi", [...args, ...all, "--color", "never"], this.options);
  }

  async run(sections: Record<string, object>, ...args: string[]): Promise<Ended> {
    const { exitCode, all } = await this.start(sections, ...args);
    return { exitCode, printed: all };
  }

  /** Whether the fake's call that was held is still there. */
  isHeld(folder: string): boolean {
    const pid = readFileSync(join(folder, "holding"), "utf8");
    return globSync(`/proc/${pid}/cmdline`).some((file) => readFileSync(file, "utf8").includes("talosctl"));
  }

  async state(): Promise<string> {
    const { backend, project, name } = this.stack;
    return (await ifThere(readFile(join(backend!, ".pulumi", "stacks", project, `${name}.json`), "utf8"))) ?? "";
  }

  async remove(): Promise<void> {
    await execa(
      "pulumi",
      ["destroy", "--yes", "--skip-preview", "--stack", this.stack.name, "--config-file", this.file],
      {
        ...this.options,
      },
    );
    await rm(this.folder, { recursive: true, force: true });
  }
}
