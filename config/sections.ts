import { suggest } from "../model/nearest";
import { flag, list, nonEmpty, object, text } from "./fields";
import { image, nodePath } from "./forms";

/** The sections of the stack config that are the same for every stack, beside backends and services. */

export const clusterSchema = object({
  context: nonEmpty("name a context of the kubeconfig").describe(
    "Context of the kubeconfig. It is required, so that a change of the current context never sends a stack to " +
      "another cluster.",
  ),
  kubeconfig: nonEmpty("name the kubeconfig's path, or leave the key out")
    .optional()
    .meta({ description: "The kubeconfig's path.", otherwise: "`KUBECONFIG`, else `~/.kube/config`" }),
  identifier: nonEmpty("give the cluster a name that stays").describe(
    "A name for the cluster that stays when its endpoint or the credentials change.",
  ),
  kubeletDirectory: nodePath.optional().meta({
    description: "Directory in which the nodes' kubelets keep their files (their `--root-dir`), for the CSI drivers.",
    otherwise: "`/var/lib/kubelet`",
  }),
});

export const moverSchema = object({
  image: image
    .default("node:22.23.3-bookworm-slim")
    .describe(
      "Image of the pods that move data or remove old files: Node 22 or newer with GNU `cp` and `tar`. It runs as " +
        "each service's own user.",
    ),
});

export const protectSchema = flag
  .default(true)
  .describe("What `protect` is of every service that doesn't say it itself.");

const preflightSchemas = new WeakMap<readonly string[], ReturnType<typeof makePreflightSchema>>();

/** The section `cluster-storage:preflight`. `ids`: the checks that there are. */
export function preflightSchema(ids: readonly string[]): ReturnType<typeof makePreflightSchema> {
  const kept = preflightSchemas.get(ids) ?? makePreflightSchema(ids);
  preflightSchemas.set(ids, kept);
  return kept;
}

function makePreflightSchema(ids: readonly string[]) {
  const check = text((id) => (ids.includes(id) ? undefined : `no check "${id}"; ${suggest(id, ids)}`), { enum: ids });
  return object({
    skip: list(
      object({
        check: check.describe("Id of the check."),
        reason: nonEmpty("say why this check doesn't matter here").describe("Why it doesn't matter here."),
      }),
    )
      .default([])
      .describe("Checks whose failures don't count (docs/preflight.md)."),
    probeImage: image
      .default("busybox:1.37.0-musl")
      .describe("Image of the probe pods: a shell with `cat`, `df` and `ls`."),
  });
}
