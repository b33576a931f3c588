import type { Api } from "../kube/api";
import { checksumAnnotation } from "../model/metadata";
import type { ServicePlan } from "../model/plan";
import type { Dry, PodTemplate } from "../plan/pod-template";

interface Workload {
  metadata?: { managedFields?: { manager?: string; operation?: string; subresource?: string }[] };
  spec?: { template?: PodTemplate & { metadata?: { annotations?: Record<string, string> } } };
}

/** The workload's arguments as the update would send them. `secrets`: the mark of its passwords, which stay. */
export type WorkloadArgs = (service: ServicePlan, secrets: string | undefined) => { spec: object };

const pathOf = ({ kind, name, namespace }: ServicePlan) =>
  `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;

/** The service's workload; undefined where it isn't there, or may not be read. */
export async function readWorkload(api: Api, service: ServicePlan): Promise<Workload | undefined> {
  const { status, body } = await api.ask(pathOf(service));
  return status === 200 ? (JSON.parse(body) as Workload) : undefined;
}

/**
 * What the API server would make of a workload that is there, if the update sent it: only it knows what is a change. As
 * Pulumi's plugin sends it: what its field manager doesn't send any more goes.
 */
export async function dryRun(api: Api, service: ServicePlan, live: Workload, args: WorkloadArgs): Promise<Dry> {
  const { kind, name, namespace } = service;
  const { spec } = args(service, live.spec?.template?.metadata?.annotations?.[checksumAnnotation]);
  const own = live.metadata?.managedFields?.find(
    ({ manager = "", operation, subresource }) =>
      operation === "Apply" && !subresource && manager.startsWith("pulumi-kubernetes"),
  );
  const query = new URLSearchParams({
    fieldManager: own?.manager ?? "pulumi-kubernetes",
    force: "true",
    dryRun: "All",
  });
  const object = { apiVersion: "apps/v1", kind, metadata: { name, namespace }, spec };
  const { status, body } = await api.ask(`${pathOf(service)}?${query}`, { method: "APPLY", body: object });
  const answer = JSON.parse(body) as Workload & { message?: string };
  return status === 200
    ? { template: answer.spec?.template ?? {} }
    : { refused: `the cluster answers ${status}: ${answer.message ?? "no reason given"}` };
}
