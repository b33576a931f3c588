import type { Manifest } from "../../tests/manifests/checkers";

/** Takes the place of a generated password where objects are collected without generating passwords. */
export const passwordMark = (name: string, length: number) => `{{password ${name} ${length}}}`;

/** The password whose place a collected value takes; undefined for any other value. */
function passwordIn(value: string): { password: { name: string; length: number } } | undefined {
  const [, name, length] = /^\{\{password (\S+) (\d+)\}\}$/.exec(value) ?? [];
  return name === undefined ? undefined : { password: { name, length: Number(length) } };
}

/** In a Secret, says which passwords the bare program must generate itself. Returns any other object as it is. */
export function withPasswords(object: Manifest): object {
  if (object.kind !== "Secret") return object;
  const values = Object.entries(object.stringData as Record<string, string>).map(([key, value]) => [
    key,
    passwordIn(value) ?? value,
  ]);
  return { ...object, stringData: Object.fromEntries(values) };
}
