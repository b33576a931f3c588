import assert from "node:assert/strict";
import { ApiException, type KubernetesObject } from "@kubernetes/client-node";
import type { Kube } from "../../../kube/client";

/** An object of any kind, with the fields that a recovery reads. */
export interface FakeObject extends KubernetesObject {
  spec?: { replicas?: number; template?: { spec?: { volumes?: unknown[] } } } & Record<string, unknown>;
  status?: unknown;
}

interface DeleteBody {
  propagationPolicy: string;
  preconditions: { uid: string };
}

/** An object of the stack shop/dev. */
export function owned(
  apiVersion: string,
  kind: string,
  namespace: string,
  name: string,
  content: object,
  annotations: Record<string, string> = {},
): FakeObject {
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      uid: `uid of ${name}`,
      annotations: { "cluster-storage/stack": "shop/dev", ...annotations },
    },
    ...content,
  };
}

/** A cluster that has these objects and notes every change. */
export class FakeCluster {
  readonly changes: string[] = [];

  constructor(
    private readonly objects: FakeObject[],
    private readonly behaviour: { deletionsHang?: boolean } = {},
  ) {}

  get(kind: string, name: string): FakeObject | undefined {
    return this.objects.find((object) => object.kind === kind && object.metadata?.name === name);
  }

  readonly connect = (): Kube => {
    const read = async ({ kind = "", metadata }: KubernetesObject) => {
      const object = this.require(kind, metadata?.name ?? "");
      // A deletion that is under way is finished at the next look.
      if (object.metadata?.deletionTimestamp && !this.behaviour.deletionsHang)
        this.objects.splice(this.objects.indexOf(object), 1);
      return structuredClone(object);
    };
    const remove = async (
      { kind = "", metadata }: KubernetesObject,
      ...[, , , , policy, body]: [unknown, unknown, unknown, unknown, undefined, DeleteBody]
    ) => {
      const object = this.require(kind, metadata?.name ?? "");
      // The API server reads no query where there is a body.
      assert.equal(policy, undefined);
      this.note("delete", object, body.propagationPolicy, body.preconditions.uid);
      if (!this.behaviour.deletionsHang) this.objects.splice(this.objects.indexOf(object), 1);
    };
    const patch = async (change: FakeObject) => {
      const object = this.require(change.kind ?? "", change.metadata?.name ?? "");
      this.note("patch", object);
      Object.assign(object.spec ?? {}, change.spec);
      const annotations = { ...object.metadata?.annotations, ...change.metadata?.annotations };
      object.metadata!.annotations = Object.fromEntries(
        Object.entries(annotations).filter(([, value]) => value !== null),
      );
    };
    const create = async (object: FakeObject, ...[, , manager]: [unknown?, unknown?, string?]) => {
      this.note("create", object, ...(manager === undefined ? [] : [`as ${manager}`]));
      this.objects.push(structuredClone(object));
    };
    const readClaim = ({ name }: { name: string }) => read({ kind: "PersistentVolumeClaim", metadata: { name } });
    const list = async (kind: string) => ({
      items: structuredClone(this.objects.filter((each) => each.kind === kind)),
    });
    return {
      context: "home",
      core: {
        listNamespace: async () => ({}),
        readNamespace: ({ name }: { name: string }) => read({ kind: "Namespace", metadata: { name } }),
        readNamespacedPersistentVolumeClaim: readClaim,
        listPersistentVolumeClaimForAllNamespaces: () => list("PersistentVolumeClaim"),
        listPersistentVolume: () => list("PersistentVolume"),
      },
      objects: { read, delete: remove, patch, create, list: (_: string, kind: string) => list(kind) },
    } as unknown as Kube;
  };

  private require(kind: string, name: string): FakeObject {
    const found = this.get(kind, name);
    if (!found) throw new ApiException(404, "not found", undefined, {});
    return found;
  }

  private note(verb: string, { kind, metadata }: FakeObject, ...more: string[]): void {
    this.changes.push([verb, kind, `${metadata?.namespace}/${metadata?.name}`, ...more].join(" "));
  }
}
