import { certificateEndsAnnotation } from "../../model/tls";
import type { ServiceFacts } from "./rows";

const day = 24 * 3600 * 1000;

/** An update renews a certificate that has no more days left than this: a third of its life. */
const due = 180;

/** The services whose certificate ends soon because nobody has updated the stack for long. */
export function certificatesOf(facts: ReadonlyMap<string, ServiceFacts>, now: Date): string[] {
  return [...facts].flatMap(([name, { pods = [] }]) => {
    const ends = pods[0]?.metadata?.annotations?.[certificateEndsAnnotation];
    if (ends === undefined) return [];
    const left = Math.floor((new Date(ends).getTime() - now.getTime()) / day);
    if (left >= due) return [];
    const when = ends.slice(0, 10);
    return [
      `${name}: its certificate ${left < 0 ? `ended on ${when}, so clients refuse it` : `ends on ${when}`}; the next ` +
        "update renews it and restarts the service: pulumi up",
    ];
  });
}
