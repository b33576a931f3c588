import type { LiveContainer } from "../../model/service-spec";

/** What can be read from a live container that may be another installation of a service. */

/** An image's reference in parts: `base` is the last part of its name, such as `postgres`. */
export function imageParts(image: string): { base: string; tag: string; digest?: string } {
  const [ref = "", digest] = image.split("@");
  const [base = "", tag = ""] = (ref.split("/").at(-1) ?? "").split(":");
  return { base, tag, ...(digest && { digest }) };
}

/** The value of a variable: undefined where it is not set, null where it is set and can't be told. */
export function valueOf({ env = [] }: LiveContainer, name: string): string | null | undefined {
  if (env.some((variable) => variable.name === `${name}_FILE`)) return null;
  const variable = env.findLast((variable) => variable.name === name);
  return variable && (variable.value ?? null);
}

/** The live containers that have a claim of the planned ones. */
export function onTheSameClaim(planned: readonly LiveContainer[], live: readonly LiveContainer[]): LiveContainer[] {
  const claims = new Set(planned.flatMap(({ mounts = [] }) => mounts.map(({ claim }) => claim)));
  return live.filter(({ mounts = [] }) => mounts.some(({ claim }) => claims.has(claim)));
}
