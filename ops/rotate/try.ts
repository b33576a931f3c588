import type { V1Pod } from "@kubernetes/client-node";
import type { Kube } from "../../kube/client";
import { execInPod } from "../../kube/exec";
import { requestPod } from "../../kube/port-forward";
import type { ServicePlan } from "../../model/plan";
import type { SecretTrial } from "../../model/service-spec";

export type Answer = "taken" | "refused" | { unclear: string };

/** Tries a value against a running service. The value goes through the command's standard input or a header. */
export async function trySecret(
  kube: Kube,
  { name, namespace }: ServicePlan,
  pod: V1Pod,
  { step, refused }: SecretTrial,
  value: string,
): Promise<Answer> {
  const podName = pod.metadata?.name ?? "";
  if ("exec" in step) {
    const options = { input: `${value}\n` };
    const { exitCode, stdout, stderr } = await execInPod(kube, namespace, podName, name, step.exec, options);
    return judge(exitCode === 0, `${stdout}\n${stderr}`, refused);
  }
  const { method, path, port, header } = step.http;
  const { status, body } = await requestPod(kube, namespace, podName, port, {
    method,
    path,
    headers: { [header]: value },
  });
  return judge(status >= 200 && status <= 299, status >= 400 ? String(status) : body, refused);
}

/** Some clients end well although the server refused them, so its words count first. Pure; exported for its test. */
export function judge(well: boolean, answer: string, refused: string): Answer {
  if (new RegExp(refused, "m").test(answer)) return "refused";
  return well ? "taken" : { unclear: answer.trim().replaceAll(/\s+/g, " ").slice(0, 300) || "it said nothing" };
}
