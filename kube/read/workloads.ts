import type { WorkloadFacts } from "../../model/facts";
import { movingAnnotation } from "../../model/metadata";
import { isSpillInit } from "../../model/spill";
import { type Item, nameOf } from "./objects";

export interface WorkloadItem extends Item {
  spec?: {
    template?: { spec?: { volumes?: { name: string; persistentVolumeClaim?: { claimName: string } }[] } };
    volumeClaimTemplates?: Item[];
  };
}

export function readWorkload(item: WorkloadItem): WorkloadFacts {
  const named = (item.spec?.template?.spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim }) =>
    isSpillInit(name) ? [] : (persistentVolumeClaim?.claimName ?? []),
  );
  const made = (item.spec?.volumeClaimTemplates ?? []).map((template) => `${nameOf(template)}-${nameOf(item)}-0`);
  return { moving: item.metadata?.annotations?.[movingAnnotation], claims: new Set([...named, ...made]) };
}
