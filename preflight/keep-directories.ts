import type { Api } from "../kube/api";
import type { Fault, ServicePlan, StoragePlan } from "../model/plan";
import { checksumAnnotation } from "../model/metadata";
import { directoryFaults, type Dry, type PodTemplate, spilledClaims } from "../plan/pod-directories";

interface Workload {
  metadata?: { managedFields?: { manager?: string; operation?: string; subresource?: string }[] };
  spec?: { template?: PodTemplate & { metadata?: { annotations?: Record<string, string> } } };
}

/** The workload's arguments as the update would send them. `secrets`: the mark of its passwords, which stay. */
export type WorkloadArgs = (service: ServicePlan, secrets: string | undefined) => { spec: object };

/**
 * Faults for services whose data is in their pods' own directories, where the update would replace such a pod. The API
 * server is asked what it would make of the workload, in a dry run: only it knows what is a change.
 */
export async function keepDirectories(api: Api, plan: StoragePlan, args: WorkloadArgs): Promise<Fault[]> {
  if (plan.adopting) return [];
  const services = plan.services.filter((service) => spilledClaims(service).length > 0);
  return (await Promise.all(services.map((service) => look(api, service, args)))).flat();
}

async function look(api: Api, service: ServicePlan, args: WorkloadArgs): Promise<Fault[]> {
  const { kind, name, namespace, run } = service;
  const path = `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;
  const { status, body } = await api.ask(path);
  const live = status === 200 ? (JSON.parse(body) as Workload) : undefined;
  const template = live?.spec?.template;
  if (!live || !template) return [];
  if (!run) return directoryFaults(service, template, undefined);
  const { spec } = args(service, template.metadata?.annotations?.[checksumAnnotation]);
  const next = await dryRun(api, path, live, { apiVersion: "apps/v1", kind, metadata: { name, namespace }, spec });
  return directoryFaults(service, template, next);
}

/** As Pulumi's plugin sends it: what its field manager doesn't send any more goes. */
async function dryRun(api: Api, path: string, { metadata }: Workload, object: object): Promise<Dry> {
  const own = metadata?.managedFields?.find(
    ({ manager = "", operation, subresource }) =>
      operation === "Apply" && !subresource && manager.startsWith("pulumi-kubernetes"),
  );
  const query = new URLSearchParams({
    fieldManager: own?.manager ?? "pulumi-kubernetes",
    force: "true",
    dryRun: "All",
  });
  const { status, body } = await api.ask(`${path}?${query}`, { method: "APPLY", body: object });
  const answer = JSON.parse(body) as Workload & { message?: string };
  return status === 200
    ? { template: answer.spec?.template ?? {} }
    : { refused: `the cluster answers ${status}: ${answer.message ?? "no reason given"}` };
}
