import type { CustomResourceOptions } from "@pulumi/pulumi";

/** How a kind is declared, and two changes to it: one that is made in place and one that replaces. */
export interface KindCase {
  kind: string;
  declare(place: Place, options: CustomResourceOptions, variant: Variant): void;
  /** What is changed, for the tests' titles. */
  update: string;
  replace: string;
}
export type Variant = "base" | "update" | "replace";
export interface Place {
  namespace: string;
  /** Prefix of the names of what has no namespace. */
  prefix: string;
  shellImage: string;
  /** A class that no test changes, for the Patch resource. */
  existingClass: string;
}

/** A label that tells the variants apart. */
export const labels = (variant: Variant): Record<string, string> => ({
  "contract.test/variant": variant === "update" ? "2" : "1",
});
/** The changed value in the variant that changes it, else the base's. */
export const either = <T>(variant: Variant, wanted: Variant, changed: T, base: T): T =>
  variant === wanted ? changed : base;

/** A pod template with one container. */
export function pod(shellImage: string, command: string[], variant: Variant, app = "contract") {
  return {
    metadata: { labels: { app, ...labels(variant) } },
    spec: { containers: [{ name: "main", image: shellImage, command }], terminationGracePeriodSeconds: 0 },
  };
}

/** The template of a pod that is not started again, as a Job asks for. */
export function never(template: ReturnType<typeof pod>) {
  return { ...template, spec: { ...template.spec, restartPolicy: "Never" } };
}
