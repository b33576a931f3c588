import { execa, type ResultPromise } from "execa";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import type { Overrides } from "../../../ops/pulumi/overrides";
import { recoverStack } from "../../../ops/recover/run";
import { ensureStack } from "../../../ops/pulumi/stack";
import { catalogue } from "../../../services/catalogue";
import { changedConfig, stackError } from "../cli";
import type { Cluster } from "../fixture";
import { inPod, settings, type Lines } from "./lines";

/**
 * What moves in these tests, and from where to where: the services that are real here, and two directories as backends.
 */
export class Ground {
  /** Each service's lines in the stack file. */
  readonly lines = new Map<string, Lines>();
  /** The backends beside the committed one. */
  readonly backends: Record<string, Overrides> = {
    [inPod]: { type: "ephemeral", allowDataLoss: "a test of the way there and back" },
  };

  constructor(
    readonly cluster: Cluster,
    names: readonly string[],
  ) {
    this.addBackend("fast");
    for (const name of names)
      this.lines.set(name, { current: { generation: 1, backend: "local-path", size: "1Gi" }, kept: [] });
  }

  /** Another directory of the node as a backend of that name. Returns the directory. */
  addBackend(name: string): string {
    const { overrides, volumes } = this.cluster;
    const [first] = Object.values(overrides["cluster-storage:backends"] as Record<string, Overrides>);
    const path = join(volumes, name);
    this.backends[name] = {
      ...first,
      type: "local-path",
      path,
      class: name,
      reclaimPolicy: "Delete",
      sharedDisk: true,
      overCommit: "warn",
    };
    return path;
  }

  /** Writes the stack file as the lines are. `others`: services for which it says something else. */
  async write(others: Overrides = {}): Promise<void> {
    const { stack } = this.cluster.target;
    await writeFile(stack.configFile!, await changedConfig(this.cluster, this.config(others)), { mode: 0o600 });
    await ensureStack(stack);
  }

  up(): ResultPromise<{ all: true; reject: false }> {
    return this.run("up", "--yes", "--skip-preview");
  }

  /** The real CLI on the stack as its file is. */
  run(...command: string[]): ResultPromise<{ all: true; reject: false }> {
    const { stack } = this.cluster.target;
    const args = [
      ...command,
      "--stack",
      stack.name,
      "--config-file",
      stack.configFile!,
      "--suppress-outputs",
      "--non-interactive",
      "--color",
      "never",
    ];
    return execa("pulumi", args, { cwd: stack.program, env: stack.env, extendEnv: false, all: true, reject: false });
  }

  /** An update that has to end well. */
  async succeed(context = ""): Promise<void> {
    const { exitCode, all } = await this.up();
    if (exitCode !== 0) throw new Error(`pulumi up failed${context && ` (${context})`}: ${stackError(all)}`);
  }

  /** What the recovery said. */
  async recover(): Promise<string[]> {
    const said: string[] = [];
    const { target } = this.cluster;
    const { left } = await recoverStack(target.stack, target.connect, { say: (line) => said.push(line) });
    if (left.length > 0) throw new Error(`the recovery left ${left.join(", ")}: ${said.join("; ")}`);
    return said;
  }

  private config(others: Overrides): Overrides {
    const absent = [...catalogue.keys()].filter((name) => !this.lines.has(name));
    const services = {
      ...Object.fromEntries(absent.map((name) => [name, undefined])),
      ...Object.fromEntries([...this.lines].map(([name, lines]) => [name, settings(lines)])),
      ...others,
    };
    return { "cluster-storage:backends": this.backends, "cluster-storage:services": services };
  }
}
