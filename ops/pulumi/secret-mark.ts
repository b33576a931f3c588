/** Marks a secret in a state. The CLI encrypts a secret that it finds there in plain text. */
const secretMark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** A value as a state has a secret; the CLI encrypts it when the state is imported. */
export const secret = (value: unknown) => ({ ...secretMark, plaintext: JSON.stringify(value) });
