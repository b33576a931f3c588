import { pathText } from "../model/config-path";
import type { ClusterFacts } from "../model/facts";
import type { Fault, StoragePlan } from "../model/plan";
import { spilledClaims } from "./pod-directories";

/**
 * Faults for services whose passwords would be given anew where that can't be done, or whose earlier passwords would be
 * used again: they were replaced because somebody may know them.
 */
export function guardRotation({ services }: StoragePlan, { rotations = {} }: ClusterFacts): Fault[] {
  return services.flatMap((service) => {
    const { name, rotation } = service;
    const before = rotations[name] ?? 1;
    const fault = (message: string) => [{ path: pathText(["services", name, "rotation"]), message }];
    if (rotation < before)
      return fault(
        `is ${rotation}, and the last update had ${before}: a password that was replaced is not used again; write ` +
          `rotation: ${before}; for new passwords, then run npm run rotate -- ${name}`,
      );
    const [spilled] = rotation > before ? spilledClaims(service) : [];
    if (!spilled) return [];
    return fault(
      `is ${rotation}, and the last update had ${before}: the new passwords would replace the pod of ${name}, whose ` +
        `own directory has the data of ${spilled.volume}; move it to a claim first: npm run move -- ${name} --to ` +
        "BACKEND",
    );
  });
}
