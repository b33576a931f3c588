import type { CheckRequest, CreateRequest } from "../protocol/provider";
import { parseUrn } from "../protocol/urn";
import { Unknown, type Properties } from "../protocol/values";
import type { Context } from "./context";
import { refuseUnsupported } from "./kinds";

/** A Helm release. This plugin has no Helm, so it can preview a release from its inputs, but can't install it. */
export const isRelease = (urn: string) => parseUrn(urn).type === "kubernetes:helm.sh/v3:Release";

const needed = ["name", "namespace", "chart", "version"] as const;

/**
 * Returns the inputs unchanged. Refuses a release without a fixed name, place and version, because it would be a
 * different one each time.
 */
export function checkRelease({ news }: Pick<CheckRequest, "news">): Properties {
  const missing = needed.filter(
    (key) => !(news[key] instanceof Unknown) && (typeof news[key] !== "string" || news[key] === ""),
  );
  if (missing.length > 0) throw new Error(`a Helm release needs ${missing.join(", ")}`);
  return news;
}

export function previewRelease(
  { urn, inputs, preview }: Pick<CreateRequest, "urn" | "inputs" | "preview">,
  context: Pick<Context, "warnOnce">,
): { id: string; outputs: Properties } {
  if (!preview) refuseUnsupported(parseUrn(urn).type);
  context.warnOnce(
    "what Helm charts make is unknown here: the stand-in kubernetes plugin of the local cluster checks a " +
      "release's inputs, and `up` needs the official plugin (pulumi plugin install resource kubernetes)",
  );
  return { id: "", outputs: inputs };
}
