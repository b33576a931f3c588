import type { Answer, Api } from "../../kube/api";
import type { PlannedPod } from "../../model/planned-pod";
import type { AdmissionAnswer } from "../../model/preflight-facts";
import { judge, noAccount, noNamespace } from "./judge";

/** Every cluster has it. A namespace that isn't there yet can't be tried, so that its pods are tried here. */
const substitute = "default";

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: object;
}

/**
 * Sends each pod, and the workload that makes it, to the API server in a dry run: it asks every admission plugin,
 * policy and webhook, and makes nothing. Policies about pods refuse the pods of a workload and not the workload itself,
 * so that each is asked for by itself. Nothing that goes wrong here is thrown.
 */
export const tryAdmission = (api: Api, pods: readonly PlannedPod[]): Promise<AdmissionAnswer[]> =>
  Promise.all(pods.map((pod) => tryPod(api, pod)));

export async function tryPod(api: Api, pod: PlannedPod): Promise<AdmissionAnswer> {
  const { what, namespace, madeBy } = pod;
  const said = await tried(
    api,
    (at, bare) => ({ path: `/api/v1/namespaces/${at}/pods`, ...manifestOf(pod, at, bare) }),
    {
      what,
      namespace,
    },
  );
  if (said.verdict === "refused" || !madeBy) return said;
  const { path, manifest } = madeBy;
  const maker = await tried(
    api,
    (at) => ({
      path: path.replace(`/namespaces/${namespace}/`, `/namespaces/${at}/`),
      body: { ...manifest, metadata: { ...manifest.metadata, namespace: at } },
    }),
    { what: `the ${manifest.kind} ${manifest.metadata.name}`, namespace },
  );
  return maker.verdict === "refused" ? maker : said;
}

/** `bare`: without the account, which the update makes before the pod. */
function manifestOf({ labels, annotations, spec }: PlannedPod, namespace: string, bare: boolean): { body: Manifest } {
  const metadata = { generateName: "cluster-storage-try-", namespace, labels, ...(annotations && { annotations }) };
  const { serviceAccountName, ...rest } = spec;
  const account = bare || serviceAccountName === undefined ? {} : { serviceAccountName };
  return { body: { apiVersion: "v1", kind: "Pod", metadata, spec: { ...rest, ...account } } as Manifest };
}

type Request = (namespace: string, bare: boolean) => { path: string; body: Manifest };

async function tried(
  api: Api,
  request: Request,
  { what, namespace }: Pick<AdmissionAnswer, "what" | "namespace">,
): Promise<AdmissionAnswer> {
  let [at, bare] = [namespace, false];
  for (;;) {
    const { path, body } = request(at, bare);
    const answer = await api
      .ask(`${path}?dryRun=All&fieldManager=cluster-storage`, { body })
      .catch((error: Error): Answer => ({ status: 0, body: JSON.stringify({ message: error.message }) }));
    if (at !== substitute && noNamespace(answer)) at = substitute;
    else if (!bare && noAccount(answer)) bare = true;
    else return { what, namespace, triedIn: at, ...judge(answer) };
  }
}
