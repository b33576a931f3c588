import type { V1Pod } from "@kubernetes/client-node";
import { authorityName } from "../../model/tls";
import { ifFound, type Kube } from "../../kube/client";
import { execInPod } from "../../kube/exec";
import { requestPod } from "../../kube/port-forward";
import type { CheckStep, ServiceOutput } from "../pulumi/outputs";

/** The values that `{{key}}` and `{{value}}` of a check stand for. */
export interface CheckRecord {
  key: string;
  value: string;
}

/** The step with the record's key and value put into every string. Pure. */
export function substitute<T>(step: T, record: CheckRecord): T {
  const replaced = JSON.stringify(step, (_key, value: unknown) =>
    typeof value === "string"
      ? value.replaceAll("{{key}}", () => record.key).replaceAll("{{value}}", () => record.value)
      : value,
  );
  return JSON.parse(replaced) as T;
}

/**
 * Runs a check's steps in the service's pod, one after the other. Returns what the last step printed. Throws at the
 * first step that fails.
 */
export async function runSteps(
  kube: Kube,
  service: ServiceOutput,
  pod: V1Pod,
  steps: readonly CheckStep[],
  record: CheckRecord,
): Promise<string> {
  let printed = "";
  for (const step of steps) {
    const filled = substitute(step, record);
    printed =
      "exec" in filled
        ? await runExec(kube, service, pod, filled.exec)
        : await runHttp(kube, service, pod, filled.http);
  }
  return printed.trim();
}

async function runExec(kube: Kube, service: ServiceOutput, pod: V1Pod, command: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await execInPod(
    kube,
    service.namespace,
    pod.metadata?.name ?? "",
    service.check.container,
    command,
  );
  if (exitCode !== 0)
    throw new Error(
      `${command[0]} in ${pod.metadata?.name} ended with exit code ${exitCode}: ${brief(stderr || stdout)}`,
    );
  return stdout;
}

async function runHttp(
  kube: Kube,
  service: ServiceOutput,
  pod: V1Pod,
  http: Extract<CheckStep, { http: unknown }>["http"],
): Promise<string> {
  const headers = { ...http.headers, ...(await secretHeader(kube, service.namespace, http.secretHeader)) };
  const tls = http.serverName && { serverName: http.serverName, ca: await authorityIn(kube, service.namespace) };
  const answer = await requestPod(kube, service.namespace, pod.metadata?.name ?? "", http.port, {
    ...http,
    headers,
    ...(tls && { tls }),
  });
  if (answer.status < 200 || answer.status > 299)
    throw new Error(`${http.method} ${http.path} answered ${answer.status}: ${brief(answer.body)}`);
  return answer.body;
}

async function secretHeader(
  kube: Kube,
  namespace: string,
  wanted?: { name: string; secret: string; key: string; prefix?: string },
): Promise<Record<string, string>> {
  if (!wanted) return {};
  const secret = await ifFound(kube.core.readNamespacedSecret({ namespace, name: wanted.secret }));
  const value = secret?.data?.[wanted.key];
  if (value === undefined) throw new Error(`there is no key ${wanted.key} in the Secret ${namespace}/${wanted.secret}`);
  return { [wanted.name]: `${wanted.prefix ?? ""}${Buffer.from(value, "base64").toString("utf8")}` };
}

/** The certificate of the authority that the stack's clients in this namespace trust. */
async function authorityIn(kube: Kube, namespace: string): Promise<string> {
  const found = await ifFound(kube.core.readNamespacedConfigMap({ namespace, name: authorityName }));
  const certificate = found?.data?.["ca.crt"];
  if (certificate === undefined) throw new Error(`there is no ca.crt in the ConfigMap ${namespace}/${authorityName}`);
  return certificate;
}

function brief(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, " ");
  return line.length > 300 ? `${line.slice(0, 300)}…` : line || "no output";
}
