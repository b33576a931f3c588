import { ApiError, type ApiClient } from "./client";
import type { JsonObject } from "../protocol/values";

export interface Resource {
  /** Path of the group and version: `/api/v1`, `/apis/apps/v1`. */
  root: string;
  plural: string;
  namespaced: boolean;
}

interface AggregatedResource {
  resource: string;
  scope: string;
  responseKind?: { kind?: string };
}
interface AggregatedGroup {
  metadata: { name?: string };
  versions: { version: string; resources?: AggregatedResource[] }[];
}

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
// A CRD may have added a missing kind in the meantime. But a missing kind must not cost a request each time.
const refreshAfterMs = 1_000;

/** The kinds that the API server has. They come from its two discovery documents, which are read when first needed. */
export class Discovery {
  private kinds?: Promise<Map<string, Resource>>;
  private readAt = 0;

  constructor(private readonly client: ApiClient) {}

  async find(apiVersion: string, kind: string): Promise<Resource | undefined> {
    const key = `${apiVersion}/${kind}`;
    const found = (await this.load()).get(key);
    if (found || Date.now() - this.readAt < refreshAfterMs) return found;
    this.forget();
    return (await this.load()).get(key);
  }

  forget(): void {
    this.kinds = undefined;
  }

  private load(): Promise<Map<string, Resource>> {
    if (!this.kinds) {
      const reading = this.read();
      this.kinds = reading;
      // A failure is not remembered: the server may be back for the next resource.
      reading.catch(() => {
        if (this.kinds === reading) this.kinds = undefined;
      });
    }
    return this.kinds;
  }

  private async read(): Promise<Map<string, Resource>> {
    const [core, groups] = await Promise.all(["/api", "/apis"].map((path) => this.document(path)));
    this.readAt = Date.now();
    return new Map([...entries(core, "/api"), ...entries(groups, "/apis")]);
  }

  private async document(path: string): Promise<JsonObject> {
    const document = await this.client.request("GET", path, { accept: aggregated });
    if (document.kind === "APIGroupDiscoveryList") return document;
    throw new ApiError(406, "the API server is older than Kubernetes 1.30 (no aggregated discovery)", "", {});
  }
}

function entries(document: JsonObject, prefix: string): [string, Resource][] {
  return (document.items as unknown as AggregatedGroup[]).flatMap((group) =>
    group.versions.flatMap((version) => {
      const groupVersion = group.metadata.name ? `${group.metadata.name}/${version.version}` : version.version;
      return (version.resources ?? []).map(({ resource, scope, responseKind }): [string, Resource] => [
        `${groupVersion}/${responseKind?.kind ?? ""}`,
        { root: `${prefix}/${groupVersion}`, plural: resource, namespaced: scope === "Namespaced" },
      ]);
    }),
  );
}
