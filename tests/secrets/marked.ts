import { createHash, randomBytes } from "node:crypto";
import { inspect } from "node:util";

/** A value like no other text of this repository: where it is found, a secret got out. */
export const marked = (what: string) => `${what}-${randomBytes(12).toString("hex")}`;

/** How the SDK passes a secret on to the engine, which encrypts it. */
const secretKey = "4dabf18193072939515e22adb298388d";

/** A resource's inputs with what the engine encrypts left out, so that the rest is what a state has in plain text. */
export function plainPart(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainPart);
  if (typeof value !== "object" || value === null) return value;
  if (secretKey in value) return "[encrypted]";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainPart(inner)]));
}

/** The forms in which a text may have a value: as it is, in base64, in a URL, and hashed without a key. */
const formsOf = (value: string) => [
  value,
  Buffer.from(value).toString("base64").replace(/=+$/, ""),
  Buffer.from(value).toString("hex"),
  encodeURIComponent(value),
  ...["sha256", "sha1", "md5"].map((name) => createHash(name).update(value).digest("hex")),
  createHash("sha256").update(JSON.stringify(value)).digest("hex"),
];

/** Which of the values a thing shows, as text, as JSON or when it is inspected. */
export function shownIn(thing: unknown, values: readonly string[]): string[] {
  const texts = [String(thing), JSON.stringify(thing) ?? "", inspect(thing, { depth: 30, showHidden: true })];
  return values.filter((value) => formsOf(value).some((form) => texts.some((text) => text.includes(form))));
}

/** Everything that `work` prints, beside what it returns. */
export async function printedBy<T>(work: () => Promise<T>): Promise<{ printed: string; result: T }> {
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write.bind(stream));
  let printed = "";
  for (const stream of streams)
    stream.write = (chunk: string | Uint8Array) => {
      printed += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      return true;
    };
  try {
    return { result: await work(), printed };
  } finally {
    streams.forEach((stream, i) => (stream.write = writes[i]!));
  }
}
