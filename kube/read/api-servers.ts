import type { ApiServerFacts } from "../../model/preflight-facts";
import { type Item, nameOf } from "./objects";

export interface ControlPlaneItem extends Item {
  spec?: { containers?: { command?: string[]; args?: string[] }[] };
}

/** A pod of the control plane, where it is an API server; else an empty list. */
export function readApiServer(item: ControlPlaneItem): ApiServerFacts[] {
  const words = (item.spec?.containers ?? []).flatMap(({ command = [], args = [] }) => [...command, ...args]);
  if (!words.some((word) => /(^|\/)kube-apiserver$/.test(word))) return [];
  return [{ name: nameOf(item), encrypts: words.some((word) => word.startsWith("--encryption-provider-config")) }];
}

interface Ports {
  ports?: { port?: number }[] | null;
}

/** An EndpointSlice, or an Endpoints object, which has the same in subsets. */
export interface EndpointsItem extends Item, Ports {
  subsets?: Ports[] | null;
}

/** The ports behind the Service `kubernetes`, which are the API servers' own. */
export const readPorts = ({ ports, subsets }: EndpointsItem): number[] =>
  [{ ports }, ...(subsets ?? [])].flatMap((one) => (one.ports ?? []).flatMap(({ port }) => port ?? []));
