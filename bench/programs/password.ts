/** Stands for a generated password in objects that are collected without generating any. */
export const passwordMark = (name: string, length: number) => `{{password ${name} ${length}}}`;

/** Which password a collected value stands for. */
export function passwordIn(value: string): { name: string; length: number } | undefined {
  const [, name, length] = /^\{\{password (\S+) (\d+)\}\}$/.exec(value) ?? [];
  return name === undefined ? undefined : { name, length: Number(length) };
}
