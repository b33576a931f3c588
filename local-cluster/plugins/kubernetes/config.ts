import { isDeepStrictEqual } from "node:util";
import { changesBetween, type Change } from "../protocol/diff";
import type { DiffResult, Failure } from "../protocol/provider";
import { parseUrn } from "../protocol/urn";
import { reveal, Unknown, type Properties } from "../protocol/values";
import { activeCluster } from "./kubeconfig";
import { text } from "./settings";

/** In strict mode a cluster must be named, not picked up from the environment. */
export function checkConfig(urn: string, news: Properties): Failure[] {
  if (text(news.strictMode) !== "true") return [];
  const failures: Failure[] = [];
  if (parseUrn(urn).name.startsWith("default")) {
    failures.push({ property: "", reason: "strict mode does not allow the default provider" });
  }
  for (const property of ["kubeconfig", "context"]) {
    if (text(news[property]) === "" && !(reveal(news[property] ?? null) instanceof Unknown)) {
      failures.push({ property, reason: `strict mode needs the provider's "${property}" argument` });
    }
  }
  return failures;
}

/**
 * A change of the cluster replaces the provider, and with it every resource. If both sides have a clusterIdentifier, it
 * decides whether the cluster is another one; otherwise the active cluster's settings in the kubeconfig do.
 */
export function diffConfig(olds: Properties, news: Properties): DiffResult {
  const changes = changesBetween(topLevel(olds), topLevel(news));
  const replacing = new Set(replacedBy(olds, news));
  const marked = changes.map((change): Change => ({ ...change, replace: replacing.has(String(change.path[0])) }));
  return { changes: marked, deleteBeforeReplace: false };
}

const clusterKeys = ["kubeconfig", "context", "cluster"];

function replacedBy(olds: Properties, news: Properties): string[] {
  const before = text(olds.clusterIdentifier);
  const after = text(news.clusterIdentifier);
  if (before !== "" && after !== "") return before === after ? [] : ["clusterIdentifier"];
  if (clusterKeys.some((key) => reveal(news[key] ?? null) instanceof Unknown)) return clusterKeys;
  const [old, current] = [olds, news].map((args) =>
    activeCluster(text(args.kubeconfig), text(args.context), text(args.cluster)),
  );
  return old && current && !isDeepStrictEqual(old, current) ? clusterKeys : [];
}

// Kubeconfigs are compared as a whole: their inner paths mean nothing to the user.
function topLevel(args: Properties): Properties {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => {
      const plain = reveal(value);
      return [key, plain instanceof Unknown ? plain : text(value)];
    }),
  );
}
