import type { RunFacts } from "../model/facts";
import type { Api } from "./api";
import { readList } from "./lists";
import { readRunningPod, readRunningWorkload, type RunItem } from "./read/runs";

/**
 * The pods and workloads of services in these namespaces; undefined where one of the lists may not be read, or doesn't
 * come in time.
 */
export async function readRuns(api: Api, namespaces: readonly string[]): Promise<RunFacts[] | undefined> {
  const lists = namespaces.flatMap((namespace) => [
    list(api, `/api/v1/namespaces/${namespace}/pods`, readRunningPod),
    list(api, `/apis/apps/v1/namespaces/${namespace}/deployments`, (item) => readRunningWorkload("Deployment", item)),
    list(api, `/apis/apps/v1/namespaces/${namespace}/statefulsets`, (item) => readRunningWorkload("StatefulSet", item)),
  ]);
  const found = await Promise.all(lists);
  return found.some((facts) => facts === undefined) ? undefined : found.flatMap((facts) => facts ?? []);
}

async function list(api: Api, path: string, read: (item: RunItem) => RunFacts[]): Promise<RunFacts[] | undefined> {
  const answer = await api.ask(path).catch(() => undefined);
  return answer?.status === 200 ? readList(answer.body, read).flat() : undefined;
}
