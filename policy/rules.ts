import type { Policies } from "@pulumi/policy";
import { accessMode } from "./rules/access-mode";
import { backupStated } from "./rules/backup-stated";
import { noHostPath } from "./rules/no-host-path";
import { noServiceLinks } from "./rules/no-service-links";
import { oneDefaultClass } from "./rules/one-default-class";
import { pinnedImage } from "./rules/pinned-image";
import { podSecurity } from "./rules/pod-security";
import { probes } from "./rules/probes";
import { protectedClaim } from "./rules/protected-claim";
import { protectedNamespace } from "./rules/protected-namespace";
import { reclaimPolicy } from "./rules/reclaim-policy";
import { resourceLimits } from "./rules/resource-limits";

/** Every rule of the pack. The rules are independent, so another pack can use some of them. */
export const rules: Policies = [
  protectedClaim,
  protectedNamespace,
  reclaimPolicy,
  accessMode,
  oneDefaultClass,
  noHostPath,
  podSecurity,
  pinnedImage,
  resourceLimits,
  probes,
  noServiceLinks,
  backupStated,
];
