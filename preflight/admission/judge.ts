import type { Answer } from "../../kube/api";
import type { AdmissionAnswer } from "../../model/preflight-facts";

interface Status {
  message?: string;
  reason?: string;
  details?: { kind?: string };
}

const statusOf = ({ body }: Answer): Status => {
  try {
    return JSON.parse(body) as Status;
  } catch {
    return {};
  }
};

/** Whether the answer says that the namespace isn't there. */
export const noNamespace = (answer: Answer): boolean =>
  answer.status === 404 && statusOf(answer).details?.kind === "namespaces";

/** Whether the answer says that the pod's account isn't there. */
export const noAccount = (answer: Answer): boolean =>
  /error looking up service account/.test(statusOf(answer).message ?? "");

/**
 * What quotas and limit ranges say: other checks know it, with the way out. A quota also counts the pod that the new
 * one replaces, which an update ends first, so that its word doesn't hold.
 */
const ofLimits = /exceeded quota:|failed quota:|usage per (Container|Pod)|limit to request ratio per/;

/** What is said where the caller may not make such an object, whatever the object is. */
const ofRights = /^\S+ is forbidden: User .* cannot create resource/;

const ofDryRun = /does not support dry run/;

/** What an answer to a dry run means. 409: an object of that name is there, so that all others have admitted it. */
export function judge(answer: Answer): Pick<AdmissionAnswer, "verdict" | "message"> {
  const message = oneLine(statusOf(answer).message ?? `status ${answer.status}`);
  if (answer.status === 200 || answer.status === 201 || answer.status === 409 || ofLimits.test(message))
    return { verdict: "admitted", message: "" };
  if (ofRights.test(message)) return { verdict: "unable", message: "these credentials may not create pods" };
  // 0: no answer. 401, 404 and 429 are about the request.
  const unable = [0, 401, 404, 429].includes(answer.status) || ofDryRun.test(message);
  return { verdict: unable ? "unable" : "refused", message };
}

const most = 500;

/** Policy engines answer in several lines. The name that the pod was tried under tells nothing. */
function oneLine(message: string): string {
  const line = message
    .replace(/^(pods|deployments\.apps|statefulsets\.apps) "[^"]*" is forbidden: /, "")
    .replace(/^(\w+) "[^"]*" is invalid: /, "$1 is invalid: ")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
