import type { CheckResult, GeneralCheck } from "../../model/backend";
import { volumePath } from "../../model/config-path";
import type { LimitRangeFacts } from "../../model/limit-facts";
import type { ServicePlan, StoragePlan } from "../../model/plan";
import type { PlannedPod } from "../../model/planned-pod";
import { amount } from "../../model/quantity";
import { results } from "../results";
import { amountText, containersOf, fill, type Filled, podAmount } from "./pod-amounts";

const kinds = ["cpu", "memory", "ephemeral-storage"];
const { ok, error, unread } = results("pod-limit-ranges");

/** A pod that a limit range refuses is never made, and the old pod is gone by then. */
export const podLimitRanges: GeneralCheck = {
  id: "pod-limit-ranges",
  group: "namespaces",
  run({ facts: { limitRanges }, plan, pods }) {
    if (!limitRanges) return [unread("limit ranges")];
    const broken = pods.flatMap((pod) => {
      const ranges = limitRanges.filter(({ namespace }) => namespace === pod.namespace);
      return ranges.flatMap((range) =>
        kinds.flatMap((kind) =>
          range.type === "Container"
            ? containersOf(pod).flatMap((container) =>
                describe(range, kind, pod, plan, judge(range, kind, fill(container, kind, ranges)), container.name),
              )
            : range.type === "Pod"
              ? describe(range, kind, pod, plan, judge(range, kind, together(pod, kind, ranges)))
              : [],
        ),
      );
    });
    const first = broken.filter(({ title }, i) => broken.findIndex((other) => other.title === title) === i);
    return first.length > 0 ? first : [ok("no limit range refuses a service's pod")];
  },
};

/** A pod's own amounts, as its containers have them together. */
function together(
  pod: PlannedPod,
  kind: string,
  ranges: readonly LimitRangeFacts[],
): Pick<Filled, "request" | "limit"> {
  const all = containersOf(pod).map((container) => fill(container, kind, ranges));
  const sum = (part: "request" | "limit") => amountText(podAmount(pod, part, kind, ranges), kind);
  return {
    ...(all.some(({ request }) => request !== undefined) && { request: sum("request") }),
    ...(all.every(({ limit }) => limit !== undefined) && { limit: sum("limit") }),
  };
}

/** What is wrong: which amount, the bound in words, and whether the limit or the request is to blame. */
interface Wrong {
  bound: string;
  has: string;
  part: "limits" | "requests";
}

/** As the plugin LimitRanger does it: plugin/pkg/admission/limitranger/admission.go. */
function judge(
  { min, max, ratios = {} }: LimitRangeFacts,
  kind: string,
  { request, limit }: Pick<Filled, "request" | "limit">,
): Wrong | undefined {
  const [most, least, ratio] = [max[kind], min[kind], ratios[kind]];
  const blamed = limit === undefined ? "requests" : "limits";
  const above = limit ?? request;
  if (most !== undefined && above !== undefined && amount(above) > amount(most))
    return { bound: `at most ${most}`, has: above, part: blamed };
  if (most !== undefined && limit === undefined) return { bound: `at most ${most}`, has: "no limit", part: "limits" };
  if (least !== undefined && amount(request) < amount(least))
    return { bound: `at least ${least}`, has: request ?? "none", part: "requests" };
  if (limit !== undefined && amount(request) > amount(limit))
    return { bound: `at most its default, ${limit},`, has: request ?? "", part: "requests" };
  if (ratio !== undefined && limit !== undefined && amount(limit) > amount(ratio) * amount(request))
    return {
      bound: `a limit of at most ${ratio} times its request`,
      has: `${limit} and ${request ?? "0"}`,
      part: "limits",
    };
  return undefined;
}

function describe(
  { namespace, name, type }: LimitRangeFacts,
  kind: string,
  pod: PlannedPod,
  { services }: StoragePlan,
  wrong: Wrong | undefined,
  container?: string,
): CheckResult[] {
  if (!wrong) return [];
  const service = services.find((each) => each.name === pod.service);
  const own = service !== undefined && (container === undefined || container === service.name);
  const whose = own ? `that of ${service.name}` : container === undefined ? pod.what : `${container} of ${pod.what}`;
  const edit = `kubectl -n ${namespace} edit limitrange ${name}`;
  const way = own ? wayDown(service, kind, wrong.part) : undefined;
  return [
    error(
      `limit range ${namespace}/${name} wants each ${type.toLowerCase()} to have ${wrong.bound} of ${kind}, and ` +
        `${whose} has ${wrong.has}`,
      way ? `set another value in ${way}, or ${edit}` : edit,
    ),
  ];
}

/** Where the config says how much of a resource a service has; undefined where it can't. */
function wayDown({ name, claims }: ServicePlan, kind: string, part: "limits" | "requests"): string | undefined {
  if (kind !== "ephemeral-storage") return `cluster-storage:services.${name}.resources.${part}.${kind}`;
  const [directory] = claims.filter(({ ephemeral }) => ephemeral);
  return directory && part === "limits" ? `cluster-storage:${volumePath(directory, "size")}` : undefined;
}
