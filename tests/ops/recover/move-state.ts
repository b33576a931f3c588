import type { Move } from "../../../model/mover";
import type { StateExport } from "../../../ops/pulumi/state";
import { owned } from "./fake-cluster";
import { moveJob } from "./move-job";

export const job = "redis-data-1-to-2";

export const pending = (move?: Move): StateExport => ({
  version: 3,
  deployment: { resources: [], pending_operations: [{ type: "creating", resource: moveJob(move) }] },
});

export const jobIn = (type?: "Complete" | "Failed") =>
  owned("batch/v1", "Job", "cache", job, { status: type ? { conditions: [{ type, status: "True" }] } : { active: 1 } });

export const deployment = (replicas: number, claimName: string, moving?: string) =>
  owned(
    "apps/v1",
    "Deployment",
    "cache",
    "redis",
    {
      spec: {
        replicas,
        template: { spec: { volumes: [{ name: "redis-data", persistentVolumeClaim: { claimName } }] } },
      },
    },
    moving === undefined ? {} : { "cluster-storage/moving": moving },
  );
