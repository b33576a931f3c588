import { aMove } from "../../mover/a-move";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { understand } from "../../../ops/impact/diagnostics";
import { assessImpact } from "../../../ops/impact/assess";
import type { ImpactPreview, PodSpec, ResourceState } from "../../../ops/impact/changes";
import { parsePreview, type Step as PreviewStep } from "../../../ops/pulumi/preview";
import type { Impact } from "../../../ops/impact/types";

export type Step = PreviewStep<ResourceState>;

/** A preview that was recorded on the local cluster; `record.ts` says how. */
export function recording(name: string): ImpactPreview {
  return parsePreview<ResourceState>(readFileSync(join(__dirname, "previews", `${name}.json`), "utf8"))!;
}

export function impactOfRecording(name: string): Impact {
  const preview = recording(name);
  return assessImpact("rec", preview, understand(preview));
}

/** The report on steps that no recording contains. */
export const impactOfSteps = (...steps: Step[]): Impact =>
  assessImpact("rec", { steps }, { refusals: [], warnings: [], failures: [] });

export const urn = (type: string, name: string) =>
  `urn:pulumi:rec::cluster-storage::cluster-storage:index:StatefulService$${type}::${name}`;

export interface ClaimLike {
  name?: string;
  size?: string;
  class?: string;
  protect?: boolean;
}

/** A claim's state: protected, 1Gi of local-path unless the options say otherwise. */
function claim({
  name = "redis-data",
  size = "1Gi",
  class: storageClassName = "local-path",
  protect = true,
}: ClaimLike = {}) {
  const metadata = { name, namespace: "cache", labels: { "app.kubernetes.io/name": "redis" } };
  return {
    type: "kubernetes:core/v1:PersistentVolumeClaim",
    protect,
    inputs: { metadata, spec: { storageClassName, resources: { requests: { storage: size } } } },
  };
}

export function claimStep(
  op: string,
  before: ClaimLike | undefined,
  after: ClaimLike | undefined,
  rest: Partial<Step> = {},
): Step {
  const type = "kubernetes:core/v1:PersistentVolumeClaim";
  return {
    op,
    urn: urn(type, (after ?? before)?.name ?? "redis-data"),
    ...(before && { oldState: claim(before) }),
    ...(after && { newState: claim(after) }),
    ...rest,
  };
}

/** The step that makes a move's job, with the move that the job is given. */
export function jobStep(move: object, op = "create"): Step {
  const containers = [
    {
      name: "move",
      env: [
        {
          name: "MOVE",
          value: JSON.stringify({ ...aMove(), ...move }),
        },
      ],
    },
  ];
  const state = {
    type: "kubernetes:batch/v1:Job",
    inputs: { metadata: { name: "move", namespace: "cache" }, spec: { template: { spec: { containers } } } },
  };
  return { op, urn: urn(state.type, "move"), newState: state, ...(op === "same" && { oldState: state }) };
}

type Volumes = NonNullable<PodSpec["volumes"]>;

/** A step of the Deployment that uses the volumes. */
export function workloadStep(op: string, before: Volumes | undefined, after: Volumes): Step {
  const type = "kubernetes:apps/v1:Deployment";
  const metadata = { name: "redis", namespace: "cache", labels: { "app.kubernetes.io/name": "redis" } };
  const state = (volumes: Volumes) => ({ type, inputs: { metadata, spec: { template: { spec: { volumes } } } } });
  return { op, urn: urn(type, "redis"), ...(before && { oldState: state(before) }), newState: state(after) };
}
