import type { Move } from "../../model/mover";
import type { Path } from "../wire/api";
import type { Claim, Job, Pod, Warning, Workload } from "./objects";

/** A path of the API. T: the type of the object there, or of each object in the list. */
const at = <T>(path: string): Path<T> => ({ path });

/** Where in the API a move's objects are. */
export function pathsOf({ namespace, workload, job }: Pick<Move, "namespace" | "workload" | "job">) {
  const core = `/api/v1/namespaces/${namespace}`;
  const workloads = `/apis/apps/v1/namespaces/${namespace}/${workload.kind.toLowerCase()}s`;
  const of = (name: string) => encodeURIComponent(`involvedObject.name=${name},type=Warning`);
  return {
    workloads: at<Workload>(workloads),
    workload: at<Workload>(`${workloads}/${workload.name}`),
    job: at<Job>(`/apis/batch/v1/namespaces/${namespace}/jobs/${job}`),
    pods: at<Pod>(`${core}/pods`),
    pod: (name: string) => at<Pod>(`${core}/pods/${name}`),
    log: (name: string) => at<string>(`${core}/pods/${name}/log?tailLines=1`),
    claim: (name: string) => at<Claim>(`${core}/persistentvolumeclaims/${name}`),
    warnings: (name: string) => at<Warning>(`${core}/events?fieldSelector=${of(name)}`),
  };
}
