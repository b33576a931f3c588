import type { SystemFacts } from "../../model/node-facts";
import { exceptsLonghorn, labelType } from "../../preflight/system";

/** How a step stands, as its script says; `anew`: it is missing and would be made from nothing. */
export interface Look {
  state: "done" | "missing" | "anew" | "refused";
  /** What was found; for `refused` whole sentences with the reason and the way out. */
  words: string;
}

export interface LinuxFacts {
  /** By the step's id. */
  looks: Record<string, Look>;
  system: SystemFacts;
}

const states = new Set(["done", "missing", "anew", "refused"]);

/** Reads what `lookScript` says. Undefined where it was cut short or is no such answer. Pure. */
export function parseLooks(said: string): LinuxFacts | undefined {
  const lines = said.split("\n").map((line) => line.split("\t"));
  const of = (kind: string) => lines.filter(([first]) => first === kind).map(([, ...fields]) => fields);
  if (of("end").length !== 1 || of("root")[0]?.[0] !== "0") return undefined;
  const looks = of("step").flatMap(([id = "", state = "", words = ""]): [string, Look][] =>
    states.has(state) ? [[id, { state: state as Look["state"], words }]] : [],
  );
  const settings = of("multipath.conf").map((fields) => fields.join("\t"));
  const daemon = of("multipathd")[0]?.[0];
  return {
    looks: Object.fromEntries(looks),
    system: {
      ...(daemon !== undefined && {
        multipathd: { runs: daemon === "runs", excepted: exceptsLonghorn(settings.join("\n")) },
      }),
      selinux: {
        enforcing: of("enforce")[0]?.[0] === "1",
        labels: Object.fromEntries(
          of("label").flatMap(([path = "", label = ""]) => {
            const type = labelType(label);
            return type === undefined ? [] : [[path, type]];
          }),
        ),
      },
    },
  };
}
