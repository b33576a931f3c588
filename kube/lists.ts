import type { Api } from "./api";

/** Where the API server lists the kinds of objects that are read of the whole cluster. */
export const listPaths = {
  nodes: "/api/v1/nodes",
  // kubeadm, Minikube and Talos mark their static pods so.
  controlPlane: "/api/v1/namespaces/kube-system/pods?labelSelector=tier%3Dcontrol-plane",
  classes: "/apis/storage.k8s.io/v1/storageclasses",
  claims: "/api/v1/persistentvolumeclaims",
  volumes: "/api/v1/persistentvolumes",
  deployments: "/apis/apps/v1/deployments",
  daemonSets: "/apis/apps/v1/daemonsets",
  drivers: "/apis/storage.k8s.io/v1/csidrivers",
  definitions: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
  validatingWebhooks: "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
  mutatingWebhooks: "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
  namespaces: "/api/v1/namespaces",
  quotas: "/api/v1/resourcequotas",
  limitRanges: "/api/v1/limitranges",
  // The API servers write this slice themselves, on every kind of cluster.
  apiEndpoints:
    "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices" +
    "?labelSelector=kubernetes.io%2Fservice-name%3Dkubernetes",
};

/** Asks for names and labels alone: custom resource definitions are megabytes in full. */
export const metadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** The facts of all objects of a kind; undefined where they may not be read. */
export async function list<Item, Facts>(
  api: Api,
  kind: keyof typeof listPaths,
  read: (item: Item) => Facts,
  accept?: string,
): Promise<Facts[] | undefined> {
  const { status, body } = await api.ask(listPaths[kind], { accept });
  return status === 200 ? readList(body, read) : undefined;
}

/** The facts of all objects in a list as the API server answers it. */
export const readList = <Item, Facts>(body: string, read: (item: Item) => Facts): Facts[] =>
  ((JSON.parse(body) as { items?: Item[] | null }).items ?? []).map(read);
