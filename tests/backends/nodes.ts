import type { NodeFacts } from "../../model/node-facts";
import { node, nothingSeen } from "../preflight/cluster";

export const probe = "npm run preflight -- --probe";

/** A node whose probe pod saw its root and what `more` says. */
export const seen = (name: string, more: Partial<NonNullable<NodeFacts["probe"]>> = {}): NodeFacts =>
  node(name, { probe: { ...nothingSeen, ...more } });

/** A node that runs Talos with these extensions. */
export const talos = (name: string, extensions: string[]): NodeFacts =>
  node(name, {
    osImage: "Talos (v1.13.0)",
    labels: Object.fromEntries(extensions.map((extension) => [`extensions.talos.dev/${extension}`, "v1"])),
  });
