import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { UserError } from "../../model/user-error";
import { checkout } from "../pulumi/project";
import { digestOf, type Origin } from "./registry";

/** An image in a stack file or in the code: behind `image:` or a default, with a tag that names a version. */
const reference =
  /((?:image:\s*|\.default\()["']?)((?:[a-z0-9.-]+(?::\d+)?\/)*[a-z0-9._-]+:v?\d[\w.-]*)(@sha256:[0-9a-f]{64})?/gi;

/** The images that a text names by a tag, without their digests. */
export const imagesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(reference)].map(([, , image]) => image!)),
];

/** The text with the digests that are given, by the image. Others stay as they are. */
export const withDigests = (text: string, digests: ReadonlyMap<string, string>): string =>
  text.replace(reference, (all, before: string, image: string) =>
    digests.has(image) ? `${before}${image}@${digests.get(image)}` : all,
  );

/** The files of the code that name images. */
export const catalogueFiles = (): string[] => [
  ...readdirSync(path.join(checkout, "services"))
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => path.join(checkout, "services", file)),
  path.join(checkout, "config", "sections.ts"),
  path.join(checkout, "backends", "local-path", "config.ts"),
];

/**
 * Writes into the files what each tag means at its registry now; returns what it did, line by line. An image whose
 * digest can't be had stays as it is, and is named with the reason.
 */
export async function pinImages(files: string[], origin?: Origin): Promise<string[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const images = [...new Set(texts.flatMap(imagesIn))].sort();
  const asked = await Promise.allSettled(images.map((image) => digestOf(image, origin)));
  const digests = new Map(
    images.flatMap((image, i) => (asked[i]!.status === "fulfilled" ? [[image, asked[i]!.value]] : [])),
  );
  const lines = images.map((image, i) => {
    const result = asked[i]!;
    if (result.status === "fulfilled") return `${image}@${result.value}`;
    if (result.reason instanceof UserError) return `no digest: ${result.reason.message}`;
    throw result.reason;
  });
  const changed = files.flatMap((file, i) => {
    const text = withDigests(texts[i]!, digests);
    return text === texts[i] ? [] : [{ file, text }];
  });
  for (const { file, text } of changed) await writeFile(file, text);
  const names = changed.map(({ file }) => path.basename(file)).join(", ");
  return [
    ...lines,
    changed.length > 0 ? `wrote ${names}; the next update pulls these and restarts their pods` : "no file was changed",
  ];
}
