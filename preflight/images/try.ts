import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { Api } from "../../kube/api";
import { readList } from "../../kube/lists";
import { pathText } from "../../model/config-path";
import type { Fault, Owner } from "../../model/plan";
import type { NewImage } from "../../plan/new-images";
import { imageJob, patience } from "./job";
import { outcomeOf, type Outcome, type TriedPod } from "./pod-state";

/** Seconds within which a pod has to be on a node. */
const placing = 60;

/**
 * Has the cluster get each image before the workload that would need it is changed, and with it the pod that runs. A
 * fault says why an image can't be got. What can't be tried is only a warning. A preview tries nothing.
 */
export async function tryImages(api: Api, owner: Owner, images: readonly NewImage[]): Promise<Fault[]> {
  if (pulumi.runtime.isDryRun()) return [];
  const tried = await Promise.all(images.map(async (image) => ({ image, outcome: await tryImage(api, owner, image) })));
  return tried.flatMap(({ image, outcome }) => {
    if (!outcome || outcome.got) return [];
    const message = `${refusal(image, outcome.why)}; the workload and its pod were left as they are`;
    return [{ path: pathText(["services", image.service, "image"]), message }];
  });
}

export const refusal = ({ image, node }: NewImage, why: string) =>
  `${node === undefined ? "the cluster" : `node ${node}`} can't get image ${image} (${why}); correct the image, or ` +
  "make it available there";

/** Has the cluster get an image, by a job; undefined where that can't be tried, which is only a warning. */
export async function tryImage(api: Api, owner: Owner, image: NewImage): Promise<Outcome> {
  const jobs = `/apis/batch/v1/namespaces/${image.namespace}/jobs`;
  const made = await api.ask(jobs, { body: imageJob(owner, image) }).catch((error: Error) => error);
  if (made instanceof Error || made.status !== 201) {
    const { message } = made instanceof Error ? made : (JSON.parse(made.body) as { message?: string });
    void pulumi.log.warn(
      `image ${image.image} of ${image.service} could not be tried before the update (${message ?? "no reason given"})`,
    );
    return undefined;
  }
  const { name } = (JSON.parse(made.body) as { metadata: { name: string } }).metadata;
  try {
    return await settled(api, image.namespace, name);
  } finally {
    // It would also go by itself.
    await api.ask(`${jobs}/${name}?propagationPolicy=Background`, { method: "DELETE" }).catch(() => undefined);
  }
}

/** A pod can't be waited for without end: what is wrong with it may be nothing that it says. */
async function settled(api: Api, namespace: string, job: string): Promise<Outcome> {
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(`job-name=${job}`)}`;
  const began = Date.now();
  // By hand: p-retry can't be loaded by every version of Node that may run the program.
  for (;;) {
    const answer = await api.ask(path).catch(() => undefined);
    const [pod] = answer?.status === 200 ? readList(answer.body, (item: TriedPod) => item) : [];
    const outcome = pod && outcomeOf(pod);
    if (outcome) return outcome;
    const seconds = (Date.now() - began) / 1000;
    if (pod?.spec?.nodeName === undefined && seconds > placing)
      return { got: false, why: `the pod that was to try it was on no node after ${placing} s` };
    if (seconds > patience) return { got: false, why: `it was not pulled within ${patience / 60} minutes` };
    await delay(500);
  }
}
