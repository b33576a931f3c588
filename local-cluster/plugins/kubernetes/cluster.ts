import type { Engine } from "../protocol/engine";
import { isJsonObject, type JsonObject } from "../protocol/values";
import { nameOf, namespaceOf } from "./annotations";
import { ApiClient, Unreachable } from "./client";
import { credentialsOf } from "./credentials";
import { Discovery, type Resource } from "./discovery";
import { readTarget } from "./kubeconfig";
import type { Settings } from "./settings";

/** The cluster that the provider was configured for. The first request opens the connection. */
export class Cluster {
  private connection?: Promise<{ client: ApiClient; discovery: Discovery }>;
  private readonly warned = new Set<string>();

  constructor(
    private readonly settings: Settings,
    private readonly engine: Engine,
  ) {}

  async request(...args: Parameters<ApiClient["request"]>): Promise<JsonObject> {
    return (await this.connect()).client.request(...args);
  }

  async find(apiVersion: string, kind: string): Promise<Resource | undefined> {
    return (await this.connect()).discovery.find(apiVersion, kind);
  }

  /** Call this after a CustomResourceDefinition was created or deleted. */
  async forgetKinds(): Promise<void> {
    (await this.connect()).discovery.forget();
  }

  /** Path of the object's collection, or of the object itself. Throws when the cluster lacks the kind. */
  async path(object: JsonObject, name = ""): Promise<string> {
    const { apiVersion, kind } = object;
    const resource = await this.find(String(apiVersion), String(kind));
    if (!resource) throw new UnknownKind(String(apiVersion), String(kind));
    const scope = resource.namespaced ? `/namespaces/${this.namespace(object)}` : "";
    return `${resource.root}${scope}/${resource.plural}${name && `/${encodeURIComponent(name)}`}`;
  }

  async get(object: JsonObject): Promise<JsonObject> {
    return this.request("GET", await this.path(object, nameOf(object)));
  }

  /** Calls back whenever the object changes after the given version, until the returned function is called. */
  async watch(object: JsonObject, onEvent: () => void): Promise<() => void> {
    const path = await this.path(object);
    const { resourceVersion } = object.metadata as { resourceVersion?: string };
    return (await this.connect()).client.watch(
      path,
      { fieldSelector: `metadata.name=${nameOf(object)}`, resourceVersion },
      onEvent,
    );
  }

  /** All objects of a kind in a namespace that match a label or field selector. */
  async list(
    apiVersion: string,
    kind: string,
    namespace: string,
    query: Record<string, string> = {},
  ): Promise<JsonObject[]> {
    const path = await this.path({ apiVersion, kind, metadata: { namespace } });
    const { items } = await this.request("GET", path, { query });
    return Array.isArray(items) ? items.filter(isJsonObject) : [];
  }

  namespace(object: JsonObject): string {
    return namespaceOf(object) || this.settings.namespace || "default";
  }

  private connect(): Promise<{ client: ApiClient; discovery: Discovery }> {
    this.connection ??= this.open();
    return this.connection;
  }

  private async open(): Promise<{ client: ApiClient; discovery: Discovery }> {
    try {
      const { kubeconfig, context, cluster } = this.settings;
      const credentials = await credentialsOf(readTarget(kubeconfig, context, cluster));
      const client = new ApiClient(credentials, (text) => this.warn(text));
      return { client, discovery: new Discovery(client) };
    } catch (error) {
      throw new Unreachable((error as Error).message);
    }
  }

  private warn(text: string): void {
    if (this.warned.has(text) || (this.settings.suppressDeprecationWarnings && text.includes("deprecated"))) return;
    this.warned.add(text);
    this.engine.log("warning", `Kubernetes: ${text}`);
  }
}

export class UnknownKind extends Error {
  constructor(apiVersion: string, kind: string) {
    super(
      `the API server has no kind ${kind} in ${apiVersion}; ` +
        "a custom resource's CustomResourceDefinition must be there before it",
    );
  }
}
