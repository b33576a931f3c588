import type { CheckResult, GeneralCheck } from "../../model/backend";
import { pathText } from "../../model/config-path";
import type { ServicePlan } from "../../model/plan";
import type { AdmissionAnswer } from "../../model/preflight-facts";
import { listed, results } from "../results";

const { ok, warning, error, unknown } = results("admission");

/** A pod that the cluster's policies refuse is never made: its workload waits, and says so nowhere. */
export const admission: GeneralCheck = {
  id: "admission",
  group: "namespaces",
  run({ facts: { admission: answers = [] }, plan: { services } }) {
    if (answers.length === 0) return [];
    // The namespaces that the update makes have levels of their own for Pod Security, which come before the cluster's.
    const said = answers.map((answer) => (isElsewhere(answer) && ofPodSecurity(answer) ? admittedOf(answer) : answer));
    const of = (verdict: AdmissionAnswer["verdict"]) => said.filter((answer) => answer.verdict === verdict);
    const [refused, unable] = [of("refused"), of("unable")];
    const unsure = grouped(unable).map(([message]) =>
      unknown(`it is not known whether the cluster's policies admit the pods: ${message}`),
    );
    if (refused.length > 0)
      return [...grouped(refused).map(([message, these]) => refusal(message, these, services)), ...unsure];
    if (unsure.length > 0) return unsure;
    const elsewhere = [...new Set(said.filter(isElsewhere).map(({ namespace }) => namespace))];
    return [
      ok(
        "the cluster's policies admit the pods" +
          (elsewhere.length > 0
            ? `; those of ${listed(elsewhere)}, which ${elsewhere.length === 1 ? "isn't" : "aren't"} there yet, were ` +
              `tried in namespace ${said.find(isElsewhere)?.triedIn}`
            : ""),
      ),
    ];
  },
};

const isElsewhere = ({ namespace, triedIn }: AdmissionAnswer) => namespace !== triedIn;
const ofPodSecurity = ({ message }: AdmissionAnswer) => message.startsWith("violates PodSecurity");
const admittedOf = (answer: AdmissionAnswer): AdmissionAnswer => ({ ...answer, verdict: "admitted", message: "" });

/** The answers by what was said, in one or another namespace. */
function grouped(answers: readonly AdmissionAnswer[]): [string, AdmissionAnswer[]][] {
  const groups = new Map<string, AdmissionAnswer[]>();
  for (const answer of answers) {
    const key = `${isElsewhere(answer)} ${answer.message}`;
    groups.set(key, [...(groups.get(key) ?? []), answer]);
  }
  return [...groups.values()].map((these) => [these[0]!.message, these]);
}

function refusal(message: string, these: AdmissionAnswer[], services: readonly ServicePlan[]): CheckResult {
  const what = listed(these.map((answer) => answer.what));
  const namespaces = [...new Set(these.map(({ namespace }) => namespace))];
  const way = wayOut(message, namespaces, services);
  const [first] = these as [AdmissionAnswer];
  if (!isElsewhere(first)) return error(`the cluster refuses ${what}: ${message}`, way);
  return warning(
    `the cluster refuses ${what} in namespace ${first.triedIn}, where it was tried because ` +
      `${listed(namespaces)} ${namespaces.length === 1 ? "isn't" : "aren't"} there yet: ${message}`,
    `${way}\nwhere the policy holds for ${listed(namespaces)} too, the update stops before it makes a workload there`,
  );
}

/** What to do, by who refused, which is named as the API server names it. `services`: whose pods it may be. */
export function wayOut(message: string, namespaces: readonly string[], services: readonly ServicePlan[]): string {
  // As the plugin Priority says it: plugin/pkg/admission/priority/admission.go.
  const [, priority] = /no PriorityClass with name (\S+) was found/.exec(message) ?? [];
  const naming = services.filter(({ pod }) => priority !== undefined && pod?.priorityClassName === priority);
  if (naming.length > 0) {
    const paths = naming.map(({ name }) => `cluster-storage:${pathText(["services", name, "priorityClassName"])}`);
    return `name one that is there (kubectl get priorityclasses) in ${listed(paths)}, or make ${priority}`;
  }
  const where = `namespace ${listed(namespaces)}`;
  const [, policy, binding] = /ValidatingAdmissionPolicy '([^']+)'(?: with binding '([^']+)')?/.exec(message) ?? [];
  if (policy !== undefined)
    return (
      `see what it asks for: kubectl get validatingadmissionpolicy ${policy} -o yaml; have ${where} excepted` +
      (binding === undefined ? "" : ` in its binding (kubectl edit validatingadmissionpolicybinding ${binding})`)
    );
  const [, webhook] = /(?:admission|failed calling) webhook "([^"]+)"/.exec(message) ?? [];
  if (webhook !== undefined)
    return (
      `webhook ${webhook} decides this: have ${where} excepted in the policy engine that it belongs to, or in ` +
      "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations"
    );
  if (message.startsWith("violates PodSecurity"))
    return (
      `see its level: kubectl get ${where.replace(" ", "/")} --show-labels; the update sets the level that its pods ` +
      "keep"
    );
  return `have it allowed in ${where}, or correct what the config says of the pod`;
}
