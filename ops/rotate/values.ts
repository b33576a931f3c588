import { z } from "zod";
import { pulumi, type Stack } from "../pulumi/stack";

const passwordType = "random:index/randomPassword:RandomPassword";

const exported = z.object({
  deployment: z.object({
    resources: z
      .array(z.object({ urn: z.string(), type: z.string(), outputs: z.record(z.string(), z.unknown()).optional() }))
      .default([]),
  }),
});

/** A secret as the CLI writes it when it shows secrets. */
const shown = z.object({ plaintext: z.string() });

/** The generated values that the state has, by the name of their resource. They stay in this process. */
export async function readValues(stack: Stack): Promise<Map<string, string>> {
  return valuesIn(JSON.parse(await pulumi(stack, ["stack", "export", "--show-secrets", "--stack", stack.name])));
}

/** Pure; exported for its test. */
export function valuesIn(state: unknown): Map<string, string> {
  const passwords = exported.parse(state).deployment.resources.filter(({ type }) => type === passwordType);
  return new Map(
    passwords.flatMap(({ urn, outputs }) => {
      const value = read(outputs?.result);
      return value === undefined ? [] : [[urn.split("::").at(-1) ?? "", value] as const];
    }),
  );
}

function read(result: unknown): string | undefined {
  const secret = shown.safeParse(result);
  const value: unknown = secret.success ? JSON.parse(secret.data.plaintext) : result;
  return typeof value === "string" ? value : undefined;
}
