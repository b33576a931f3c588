import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { devStack } from "../../ops/pulumi/project";
import { deploy, update, writeConfig } from "../../ops/start/deploy";
import { prepareLocal } from "../../ops/start/local";
import { ops, type Ended } from "./cli";
import { instance, progress, type Cluster } from "./fixture";

/** A file of the dev stack that is a test's own, in a directory of its own: commands edit it. */
export class OwnStackFile {
  private constructor(private readonly directory: string) {}

  static async write(text: string): Promise<OwnStackFile> {
    const stack = new OwnStackFile(await mkdtemp(join(tmpdir(), "stacks-")));
    await stack.write(text);
    return stack;
  }

  get path(): string {
    return join(this.directory, `Pulumi.${devStack}.yaml`);
  }

  read(): Promise<string> {
    return readFile(this.path, "utf8");
  }

  write(text: string): Promise<void> {
    return writeFile(this.path, text);
  }

  /** Runs a command as npm does, on this file and these tests' instance. */
  run(...args: string[]): Promise<Ended & { stdout: string }> {
    return ops(args, this.env);
  }

  /** What makes a command use this file and these tests' instance. */
  get env(): NodeJS.ProcessEnv {
    return { CLUSTER_STORAGE_INSTANCE: instance, CLUSTER_STORAGE_STACKS: this.directory };
  }

  /** What `npm start` does with it: mends what a killed run left, and deploys. */
  deploy(): Promise<Cluster["overrides"]> {
    return this.prepared((target, overrides) => deploy(target, overrides, progress));
  }

  /** `pulumi up` by itself. */
  up(): Promise<Cluster["overrides"]> {
    return this.prepared(async ({ stack }, overrides) => {
      await writeConfig(stack, overrides);
      await update(stack, progress);
    });
  }

  private async prepared(
    work: (target: Cluster["target"], overrides: Cluster["overrides"]) => Promise<void>,
  ): Promise<Cluster["overrides"]> {
    const { CLUSTER_STORAGE_STACKS: before } = process.env;
    process.env.CLUSTER_STORAGE_STACKS = this.directory;
    try {
      const { target, overrides } = await prepareLocal(progress, instance, false);
      await work(target, overrides);
      return overrides;
    } finally {
      if (before === undefined) delete process.env.CLUSTER_STORAGE_STACKS;
      else process.env.CLUSTER_STORAGE_STACKS = before;
    }
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true });
  }
}
