import type { Api } from "./api";
import { waitFor } from "./processes";

/** This image is small, and its registry is that of most images in the catalogue. */
const IMAGE = "busybox:1.37.0";
const SECONDS = 20;
const POD = "cluster-storage-pull-probe";
const PODS = "/api/v1/namespaces/default/pods";

const probe = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: POD },
  spec: {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    containers: [{ name: "probe", image: IMAGE, imagePullPolicy: "Always", command: ["true"] }],
  },
};

/** Lets the kubelet pull a catalogue image for a short-lived pod. False when that fails or takes longer than 20 s. */
export async function tryPull(api: Api): Promise<boolean> {
  await remove(api);
  // The namespace's service account appears a moment after the API server is up.
  let created = await api.call("POST", PODS, probe);
  await waitFor(
    15,
    async () => created.status !== 403 || ((created = await api.call("POST", PODS, probe)), false),
    500,
  );
  if (created.status !== 201)
    throw new Error(
      `the pod that tries to pull an image could not be created: ${created.body.message ?? created.status}`,
    );
  try {
    let pulled = false;
    await waitFor(
      SECONDS,
      async () => {
        const state = (await api.call("GET", `${PODS}/${POD}`)).body.status?.containerStatuses?.[0]?.state;
        pulled = Boolean(state?.running ?? state?.terminated);
        return pulled || /ImagePull|ImageInspect|InvalidImageName/.test(state?.waiting?.reason ?? "");
      },
      200,
    );
    return pulled;
  } finally {
    await remove(api);
  }
}

async function remove(api: Api): Promise<void> {
  await api.call("DELETE", `${PODS}/${POD}?gracePeriodSeconds=0`);
  await waitFor(15, async () => (await api.call("GET", `${PODS}/${POD}`)).status === 404, 200);
}
