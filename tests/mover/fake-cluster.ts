import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { join } from "node:path";
import { moverDirectory } from "./compiled";
import { executeFor, runProgram, terminated } from "./fake-exec";
import { bodyOf, claimIn, fail, merge, podPath, podsPath, readyAt, reconcile, type KubeObject } from "./fake-objects";
import { key, serve, type ServeOptions, type Serving } from "./tree";

export type { KubeObject } from "./fake-objects";

const program = join(moverDirectory(), "copy.mjs");

/** What happens to a pod of the mover that is created; the default runs its program on the claims' directories here. */
export type PodBehaviour = (pod: KubeObject, cluster: FakeCluster) => void | Promise<void>;

/** As much of an API server with its controllers as a move sees. Claims are directories below `root`. */
export class FakeCluster {
  readonly objects = new Map<string, KubeObject>();
  /** Method and path of every change that was asked for. */
  readonly changes: string[] = [];
  /** Refuses a request by throwing [status, reason, message]. */
  refuse: (method: string, path: string, body?: KubeObject) => void = () => undefined;
  behaviour: PodBehaviour = (pod) => this.runCopy(pod);
  /** What becomes of a service's pod. */
  podStatus: (spec: KubeObject) => KubeObject = () => ({ phase: "Running" });
  /** false: a service's pod never becomes ready. */
  ready = true;
  /** Commands that were run in pods. */
  readonly executed: string[][] = [];
  /** The containers that they were run in. */
  readonly containers: (string | null)[] = [];
  /** Variables of what runs in pods, whose working directory is `emptyDir` below `root`. */
  env: NodeJS.ProcessEnv = {};
  #server: Server;
  readonly #sockets = new Set<Duplex>();
  /** What runs in pods that serve a volume, by the pods' paths. */
  readonly #serving = new Map<string, Serving>();
  #version = 1;

  constructor(readonly root: string) {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
      const { searchParams } = new URL(request.url ?? "", "http://test");
      this.containers.push(searchParams.get("container"));
      this.#execute(searchParams.getAll("command"), socket);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.#server.listen(0, "127.0.0.1", listening));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const path of this.#serving.keys()) this.killSource(path);
    this.#server.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  /** An object at its path, as if it had always been there. */
  put(path: string, object: KubeObject): void {
    this.objects.set(path, {
      ...object,
      metadata: {
        name: path.split("/").at(-1),
        uid: randomUUID(),
        generation: 1,
        ...object.metadata,
        resourceVersion: String(++this.#version),
      },
    });
    reconcile(this.objects, this);
  }

  annotate = (path: string, annotations: Record<string, string | null>) =>
    this.put(path, merge(this.get(path), { metadata: { annotations } }) as KubeObject);
  get(path: string): KubeObject {
    const found = this.objects.get(path);
    if (!found) throw new Error(`${path} is not there; there are ${[...this.objects.keys()].join(", ")}`);
    return found;
  }

  /** Sets a pod's status, unless it was deleted meanwhile. */
  setStatus(path: string, status: KubeObject): void {
    const pod = this.objects.get(path);
    if (pod) this.objects.set(path, { ...pod, status });
  }

  /** Runs the mover's program for a pod, and ends the pod as a kubelet would. */
  runCopy(pod: KubeObject): Promise<void> {
    const path = podPath(pod);
    const [container] = pod.spec.containers;
    const directory = (volume: string) => join(this.root, claimIn(pod, volume));
    const task = JSON.parse(container.env[0].value) as KubeObject;
    if (container.command[1] === "/mover/serve.mjs") return this.#serve(path, { ...task, source: directory("source") });
    const source = task.remote
      ? { source: "/nowhere", remote: this.#serving.get(`${podsPath(pod)}/${task.remote.identity}-source`)?.remote }
      : { source: directory("source") };
    const COPY = JSON.stringify({ ...task, ...source, target: directory("target") });
    this.setStatus(path, { phase: "Running" });
    const OUTCOME = join(this.root, `${pod.metadata.name}.outcome`);
    return runProgram([program, container.command[2]], { COPY, KEY: key, OUTCOME }).then(({ code, last }) => {
      // The next try's pod has the same name.
      if (this.objects.get(path)?.metadata.uid === pod.metadata.uid) this.endPod(path, code, last);
    });
  }

  async #serve(path: string, { source, identity, sourceName }: KubeObject): Promise<void> {
    const serving = await serve(source as string, { identity, sourceName } as ServeOptions);
    this.#serving.set(path, serving);
    this.setStatus(path, readyAt(serving.remote.host));
  }

  /** What serves a volume ends at once. */
  killSource(path: string): void {
    this.#serving.get(path)?.stop("SIGKILL");
  }

  endPod(path: string, exitCode: number, message?: string): void {
    this.setStatus(path, {
      phase: exitCode === 0 ? "Succeeded" : "Failed",
      containerStatuses: [terminated(exitCode, message)],
    });
  }

  #execute(command: string[], socket: Duplex): void {
    this.executed.push(command);
    this.#sockets.add(socket);
    executeFor(socket, command, join(this.root, "emptyDir"), this.env);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").split("?")[0]!;
    const body = await bodyOf(request);
    const [status, answer] = this.#handle(request.method ?? "", path, body);
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(typeof answer === "string" ? answer : JSON.stringify(answer));
  }

  #handle(method: string, path: string, body?: KubeObject): [number, object | string] {
    try {
      this.refuse(method, path, body);
      if (method !== "GET") this.changes.push(`${method} ${path}`);
      const answer = {
        GET: () => this.#read(path),
        POST: () => this.#create(path, body ?? {}),
        PATCH: () => this.#patch(path, body ?? {}),
        DELETE: () => this.#remove(path),
      }[method];
      return [200, answer?.() ?? fail(405, "MethodNotAllowed", method)];
    } catch (error) {
      if (!Array.isArray(error)) throw error;
      const [code, reason, message] = error as [number, string, string];
      return [code, { kind: "Status", code, reason, message }];
    }
  }

  #read(path: string): object | string {
    if (path.endsWith("/log")) return "";
    const found = this.objects.get(path);
    if (found) return found;
    const list = /\/(pods|events)$/.test(path);
    if (!list) fail(404, "NotFound", `${path} not found`);
    return { items: [...this.objects].filter(([key]) => key.startsWith(`${path}/`)).map(([, object]) => object) };
  }

  #create(path: string, object: KubeObject): object {
    const full = `${path}/${object.metadata.name}`;
    if (this.objects.has(full)) fail(409, "AlreadyExists", `${full} already exists`);
    this.put(full, { ...object, metadata: { ...object.metadata, creationTimestamp: new Date().toISOString() } });
    if (path.endsWith("/pods")) void this.behaviour(this.get(full), this);
    return this.get(full);
  }

  #patch(path: string, patch: KubeObject): object {
    const before = this.objects.get(path) ?? fail(404, "NotFound", `${path} not found`);
    const wanted = patch.metadata?.resourceVersion;
    if (wanted !== undefined && wanted !== before.metadata.resourceVersion)
      fail(409, "Conflict", "the object has been modified");
    const after = merge(before, patch) as KubeObject;
    const changed = JSON.stringify(after.spec) !== JSON.stringify(before.spec);
    this.put(path, {
      ...after,
      metadata: { ...after.metadata, generation: before.metadata.generation + (changed ? 1 : 0) },
    });
    return this.get(path);
  }

  #remove(path: string): object {
    const found = this.objects.get(path) ?? fail(404, "NotFound", `${path} not found`);
    this.objects.delete(path);
    this.killSource(path);
    reconcile(this.objects, this);
    return found;
  }
}
