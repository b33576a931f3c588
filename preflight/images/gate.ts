import * as pulumi from "@pulumi/pulumi";
import type { Api } from "../../kube/api";
import { readList } from "../../kube/lists";
import type { Item } from "../../kube/read/objects";
import { wholeName } from "../../model/image-name";
import { pathText } from "../../model/config-path";
import type { Owner, ServicePlan } from "../../model/plan";
import type { NewImage } from "../../plan/new-images";
import { lateRefusal } from "../late-refusal";
import { refusal, tryImage } from "./try";

interface NodeItem extends Item {
  status?: { images?: { names?: string[] }[] };
}

/**
 * What the workloads that aren't there yet wait for: the cluster has got their images. Pulumi would wait for a workload
 * whose image can't be got as long as its service may take to start, whatever the kubelet says. Tried once the
 * service's account is there, which its pull secrets belong to; not where a node says that it has the image, nor in a
 * preview.
 */
export function gateImages(api: Api, owner: Owner, images: readonly NewImage[]) {
  let there: Promise<Set<string>> | undefined;
  const arrives = async (image: NewImage) => {
    const asksAlways = image.pod?.imagePullPolicy === "Always";
    if (!asksAlways && (await (there ??= onNodes(api))).has(wholeName(image.image))) return;
    const outcome = await tryImage(api, owner, image);
    if (!outcome || outcome.got) return;
    const path = pathText(["services", image.service, "image"]);
    throw lateRefusal(
      `cluster-storage:${path}: ${refusal(image, outcome.why)}; the workload was not made, and what was made before ` +
        "it is kept",
    );
  };
  return ({ name }: ServicePlan, account: pulumi.CustomResource): pulumi.Input<pulumi.Resource>[] => {
    const image = images.find(({ service }) => service === name);
    if (!image || pulumi.runtime.isDryRun()) return [];
    return [account.id.apply(() => arrives(image).then(() => account))];
  };
}

/** The images that nodes say they have, by their whole names. A node names only some of many. */
async function onNodes(api: Api): Promise<Set<string>> {
  const answer = await api.ask("/api/v1/nodes").catch(() => undefined);
  if (answer?.status !== 200) return new Set();
  const nodes = readList(answer.body, (node: NodeItem) => node.status?.images ?? []);
  return new Set(nodes.flat().flatMap(({ names = [] }) => names.map(wholeName)));
}
