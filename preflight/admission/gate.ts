import * as pulumi from "@pulumi/pulumi";
import type { Api } from "../../kube/api";
import type { ServicePlan } from "../../model/plan";
import type { PlannedPod } from "../../model/planned-pod";
import { wayOut } from "../checks/admission";
import { lateRefusal } from "../late-refusal";
import { tryPod } from "./try";

/**
 * What the workloads that aren't there yet wait for: the cluster would admit their pods, now that their namespaces and
 * accounts are there. Pulumi would wait for such a workload for many minutes, while no pod of it is ever made. What
 * can't be tried is left to the cluster. Nothing is tried in a preview.
 */
export function gateAdmission(api: Api, pods: readonly PlannedPod[], isNew: (service: ServicePlan) => boolean) {
  const admitted = async (service: ServicePlan, pod: PlannedPod) => {
    const { verdict, what, message } = await tryPod(api, pod);
    if (verdict !== "refused") return;
    const way = wayOut(message, [pod.namespace], [service]);
    throw lateRefusal(
      `services.${pod.service}: the cluster refuses ${what}: ${message}; ${way}; the workload was not made, and what ` +
        "was made before it is kept",
    );
  };
  return (service: ServicePlan, account: pulumi.CustomResource): pulumi.Input<pulumi.Resource>[] => {
    const pod = pods.find((each) => each.service === service.name);
    if (!pod || pulumi.runtime.isDryRun() || !isNew(service)) return [];
    return [account.id.apply(() => admitted(service, pod).then(() => account))];
  };
}
