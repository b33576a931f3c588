/** A text that a POSIX shell takes as it is. */
export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
