import { execa, type ResultPromise } from "execa";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import type { Overrides } from "../../../ops/overrides";
import { recoverStack } from "../../../ops/recover/run";
import { ensureStack } from "../../../ops/stack";
import { changedConfig } from "../cli";
import type { Cluster } from "../fixture";
import { settings, type Lines } from "./lines";

/** What moves in these tests, and from where to where: the services that are real here, and two directories as backends. */
export class Ground {
  /** Each service's lines in the stack file. */
  readonly lines = new Map<string, Lines>();

  constructor(readonly cluster: Cluster, names: readonly string[]) {
    for (const name of names) this.lines.set(name, { current: { generation: 1, backend: "local-path", size: "1Gi" }, kept: [] });
  }

  /** Writes the stack file as the lines are. `more`: what else it says. */
  async write(more: Overrides = {}): Promise<void> {
    const { stack } = this.cluster.target;
    await writeFile(stack.configFile!, await changedConfig(this.cluster, { ...this.config(), ...more }), { mode: 0o600 });
    await ensureStack(stack);
  }

  up(): ResultPromise<{ all: true; reject: false }> {
    const { stack } = this.cluster.target;
    const args = ["up", "--yes", "--skip-preview", "--stack", stack.name, "--config-file", stack.configFile!, "--non-interactive", "--color", "never"];
    return execa("pulumi", args, { cwd: stack.program, env: stack.env, extendEnv: false, all: true, reject: false });
  }

  /** An update that has to end well. */
  async succeed(context = ""): Promise<void> {
    const { exitCode, all } = await this.up();
    if (exitCode !== 0) throw new Error(`pulumi up failed${context && ` (${context})`}\n${all}`);
  }

  /** What the recovery said. */
  async recover(): Promise<string[]> {
    const said: string[] = [];
    const { target } = this.cluster;
    const { left } = await recoverStack(target.stack, target.connect, { say: (line) => said.push(line) });
    if (left.length > 0) throw new Error(`the recovery left ${left.join(", ")}: ${said.join("; ")}`);
    return said;
  }

  private config(): Overrides {
    const { overrides, volumes } = this.cluster;
    const [first] = Object.values(overrides["cluster-storage:backends"] as Record<string, Overrides>);
    const fast = { ...first, type: "local-path", path: join(volumes, "fast"), class: "fast", reclaimPolicy: "Delete", sharedDisk: true, overCommit: "warn" };
    const absent = ["flowise", "searxng", "qdrant", "neo4j", "n8n", "taskflow", ...["redis", "postgres", "taskflow-db"].filter((name) => !this.lines.has(name))];
    const services = { ...Object.fromEntries(absent.map((name) => [name, undefined])), ...Object.fromEntries([...this.lines].map(([name, lines]) => [name, settings(lines)])) };
    return { "cluster-storage:backends": { fast }, "cluster-storage:services": services };
  }
}
