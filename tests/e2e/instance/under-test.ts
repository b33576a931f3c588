import { execa } from "execa";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureImages } from "../../../local-cluster/images/images";
import { components } from "../../../local-cluster/instance/components";
import {
  deleteInstance,
  runningInstance,
  startInstance,
  type InstanceInfo,
} from "../../../local-cluster/instance/instance";
import { findComponent } from "../../../local-cluster/instance/supervise";
import { silentProgress } from "../../../local-cluster/progress";
import { ensureTools, type Tools } from "../../../local-cluster/tools";
import { catalogue } from "../../../services/catalogue";
import { localImagesOf } from "../../../services/shared/local-image";
import { machineSnapshot, type Snapshot } from "../machine-snapshot";

export const name = process.env.TEST_INSTANCE ?? "test";

/** Writes to its volume when it starts and, three seconds after its SIGTERM, that it ended well. */
const SCRIPT =
  'trap "sleep 3; echo ended >>/data/log; exit 0" TERM; echo started >>/data/log; while :; do sleep 1; done';

/** The instance that the tests start, stop and break one after the other, and what they ask of it. */
export class InstanceUnderTest {
  tools!: Tools;
  archives!: string[];
  helper!: string;
  /** Of the last start that a test kept. */
  info!: InstanceInfo;
  /** The machine before the first start. */
  untouched!: Snapshot;

  async prepare(): Promise<void> {
    this.tools = await ensureTools(silentProgress);
    ({ archives: this.archives, helper: this.helper } = await ensureImages(
      localImagesOf(catalogue, false),
      this.tools,
      silentProgress,
    ));
    await this.remove();
    this.untouched = await machineSnapshot(name);
  }

  async remove(): Promise<void> {
    await deleteInstance(name);
  }

  start(which = name, changed: Partial<Tools> = {}): Promise<InstanceInfo> {
    return startInstance(which, { tools: { ...this.tools, ...changed }, progress: silentProgress, durable: false });
  }

  async kubectl(args: string[], input?: string, which = this.info): Promise<string> {
    const program = join(this.tools.bin, "kubectl");
    return (await execa(program, ["--kubeconfig", which.kubeconfig, ...args], { input, all: true })).stdout;
  }

  /** The process ids of the components, by name. */
  numbers(): Record<string, number | undefined> {
    const running = runningInstance(name);
    const all = components(running.layout, { tools: this.tools.bin, durable: false });
    return Object.fromEntries(all.map((component) => [component.name, findComponent(running, component)?.pid]));
  }

  /** Pods need the namespace's service account, which comes a moment after the API server. */
  async accountMade(): Promise<void> {
    await this.kubectl(["wait", "--for=create", "serviceaccount/default", "--timeout=30s"]);
  }

  /** The manifest of the pod that writes to a volume. */
  writer(): string {
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "writer", labels: { app: "writer" } },
      spec: {
        terminationGracePeriodSeconds: 10,
        containers: [
          {
            name: "writer",
            image: this.helper,
            command: ["sh", "-c", SCRIPT],
            volumeMounts: [{ name: "data", mountPath: "/data" }],
          },
        ],
        volumes: [{ name: "data", hostPath: { path: join(this.info.volumes, "writer"), type: "DirectoryOrCreate" } }],
      },
    });
  }

  podReady(): Promise<string> {
    return this.kubectl(["wait", "--for=condition=Ready", "pod/writer", "--timeout=60s"]);
  }

  /** What the writer wrote, by line. */
  volumeLog(): string[] {
    return readFileSync(join(this.info.volumes, "writer", "log"), "utf8")
      .trim()
      .split("\n");
  }
}
