import type { Manifest } from "../../tests/manifests/checkers";

/** Stands for a generated password in objects that are collected without generating any. */
export const passwordMark = (name: string, length: number) => `{{password ${name} ${length}}}`;

/** Which password a collected value stands for. */
function passwordIn(value: string): { password: { name: string; length: number } } | undefined {
  const [, name, length] = /^\{\{password (\S+) (\d+)\}\}$/.exec(value) ?? [];
  return name === undefined ? undefined : { password: { name, length: Number(length) } };
}

/** A Secret with what the program that is measured against generates itself; any other object as it is. */
export function withPasswords(object: Manifest): object {
  if (object.kind !== "Secret") return object;
  const values = Object.entries(object.stringData as Record<string, string>).map(([key, value]) => [
    key,
    passwordIn(value) ?? value,
  ]);
  return { ...object, stringData: Object.fromEntries(values) };
}
