import type { RunFacts } from "../../model/facts";
import type { Toleration } from "../../model/pod-settings";
import { isDeleting, type Item, nameOf, namespaceOf } from "./objects";
import { readWorkload, type WorkloadItem } from "./workloads";

interface ContainerState {
  waiting?: { reason?: string; message?: string };
  running?: object;
  terminated?: object;
}

interface PodSpec {
  nodeName?: string;
  containers?: { name: string; image?: string }[];
  initContainers?: { name: string; image?: string }[];
  tolerations?: Toleration[];
  volumes?: { name: string; persistentVolumeClaim?: { claimName: string } }[];
}

export interface RunItem extends Item {
  kind?: string;
  spec?: PodSpec & { template?: { spec?: PodSpec } };
  status?: {
    containerStatuses?: { name: string; restartCount?: number; state?: ContainerState; lastState?: ContainerState }[];
  };
}

const serviceOf = ({ metadata }: Item) => metadata?.labels?.["app.kubernetes.io/name"] ?? "";

/** A pod of a service, by its label and by the container of the same name; an empty list for any other pod. */
export function readRunningPod(item: RunItem): RunFacts[] {
  const service = serviceOf(item);
  const image = item.spec?.containers?.find(({ name }) => name === service)?.image;
  if (image === undefined || isDeleting(item)) return [];
  const status = item.status?.containerStatuses?.find(({ name }) => name === service);
  return [
    {
      kind: "Pod",
      namespace: namespaceOf(item),
      name: nameOf(item),
      service,
      image,
      ran: hasRun(status),
      claims: (item.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []),
      ...(item.spec?.nodeName !== undefined && { node: item.spec.nodeName }),
    },
  ];
}

/** Whether a container's program has been started, now or before. */
const hasRun = (status?: { restartCount?: number; state?: ContainerState; lastState?: ContainerState }) =>
  Boolean(status?.state?.running ?? status?.state?.terminated ?? status?.lastState?.terminated ?? status?.restartCount);

/** A workload of a service, whether it has pods or not. */
export function readRunningWorkload(kind: "Deployment" | "StatefulSet", item: RunItem): RunFacts[] {
  const service = serviceOf(item);
  const pod = item.spec?.template?.spec;
  const image = pod?.containers?.find(({ name }) => name === service)?.image;
  if (image === undefined) return [];
  return [
    {
      kind,
      namespace: namespaceOf(item),
      name: nameOf(item),
      service,
      image,
      ran: false,
      claims: [...readWorkload(item as WorkloadItem).claims],
      ...(pod?.tolerations && { tolerations: pod.tolerations }),
    },
  ];
}
