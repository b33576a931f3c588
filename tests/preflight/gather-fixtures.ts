import type { Answer, Api } from "../../kube/api";

/** An API that answers these paths, refuses (403) all others, and notes what it was asked. */
export function fakeApi(
  answers: Record<string, unknown>,
  allows: (access: Record<string, string>) => boolean = () => true,
) {
  const asked: { path: string; body?: unknown; accept?: string }[] = [];
  const ask: Api["ask"] = async (path, { body, accept } = {}): Promise<Answer> => {
    asked.push({ path, ...(body !== undefined && { body }), ...(accept && { accept }) });
    if (path.endsWith("/selfsubjectaccessreviews")) {
      const { spec } = body as { spec: { resourceAttributes: Record<string, string> } };
      return { status: 201, body: JSON.stringify({ status: { allowed: allows(spec.resourceAttributes) } }) };
    }
    return path in answers ? { status: 200, body: JSON.stringify(answers[path]) } : { status: 403, body: "" };
  };
  return { api: { server: "https://10.0.0.1:6443", ask }, asked };
}

export const version = { "/version": { gitVersion: "v1.36.3" } };

export const reviews = (asked: { body?: unknown }[]) =>
  asked.map(({ body }) => (body as { spec: { resourceAttributes: unknown } }).spec.resourceAttributes);
