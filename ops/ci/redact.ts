import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { hiddenText } from "../../model/hidden";
import { kubeconfigSecrets } from "./kubeconfig-secrets";

/** Variables whose values must not be printed or posted. A backend's address may contain a password. */
const secret =
  /TOKEN|PASSPHRASE|PASSWORD|PASSWD|SECRET|CREDENTIAL|KUBECONFIG|CONNECTION_STRING|_(KEY|PAT|SAS|PASS|PWD|AUTH|DSN)$/;

/** What of an address's query is no secret: where a bucket is, and how it is asked. */
const openQuery =
  /^(region|endpoint|profile|awssdk|sslmode|disable_?ssl|s3_?force_?path_?style|use_?path_?style|domain|protocol)$/i;

/** Shorter values, such as "true", are not redacted, because they are part of innocent words. */
const shortest = 8;

/** Shorter values that a stack's config calls secret are redacted where they stand alone, from this length on. */
const shortestKnown = 4;

/** What `learnSecrets` was given. */
const learned = new Set<string>();

/** Names values that are secret, for everything that this process posts, prints or writes into a report from now on. */
export function learnSecrets(values: readonly string[]): void {
  for (const value of values) learned.add(value);
}

/** The text without the values of secrets, whichever program printed them: the environment's, and those learned. */
export function redact(text: string, env: NodeJS.ProcessEnv = process.env): string {
  // Longer values come first, because one value may be part of another.
  const values = [...new Set([...[...secretsOf(env), ...learned].flatMap(formsOf), ...kubeconfigsOf(env)])].sort(
    (a, b) => b.length - a.length,
  );
  const clean = values
    .filter(({ length }) => length >= shortest)
    .reduce((rest, value) => rest.replaceAll(value, hiddenText), text);
  return [...learned]
    .filter(({ length }) => length > 0 && length < shortest)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, value) => rest.replaceAll(alone(value), hiddenText), clean);
}

/** Where a short value is no part of a word; a very short one only where quotes hold it, as a preview's values are. */
const alone = (value: string) =>
  value.length < shortestKnown
    ? new RegExp(`(?<=")${escaped(value)}(?=")`, "g")
    : new RegExp(`(?<!\\w)${escaped(value)}(?!\\w)`, "g");

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A value as programs print it: line by line, in JSON, in base64, in an address, or part by part. */
function formsOf(value: string): string[] {
  const text = value.trim();
  const lines = text.includes("\n") ? text.split("\n").map((line) => line.trim()) : [];
  const parts = partsOf(text).flatMap((part) => writtenForms(part, part.trim()));
  return [...writtenForms(value, text), ...lines, ...parts];
}

/** The CLI shows a text that is JSON or YAML as an object, so that the whole text is nowhere in what it prints. */
function partsOf(text: string): string[] {
  try {
    const parts = leavesOf(parse(text, { logLevel: "silent" }));
    return parts.flatMap((part) => [part, ...part.split("\n")]).filter(({ length }) => length >= shortest);
  } catch {
    return []; // It is neither.
  }
}

const leavesOf = (value: unknown): string[] =>
  typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [String(value)];

function writtenForms(value: string, text: string): string[] {
  const encoded = [Buffer.from(value), Buffer.from(text)].map((bytes) => bytes.toString("base64").replace(/=+$/, ""));
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), ...encoded];
}

function secretsOf(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value = ""]) => {
    if (name === "KUBECONFIG") return value.split(":").flatMap((file) => kubeconfigSecrets(read(file)));
    if (name.endsWith("KUBECONFIG")) return kubeconfigSecrets(value);
    if (!secret.test(name) || name.endsWith("_FILE") || isPath(name, value)) return secretsInAddress(value);
    return [value, ...secretsInAddress(value)];
  });
}

/** Whole kubeconfigs in one line. Their parts are no secrets of their own: a context's name stands everywhere. */
const kubeconfigsOf = (env: NodeJS.ProcessEnv) =>
  Object.entries(env).flatMap(([name, value = ""]) =>
    name !== "KUBECONFIG" && name.endsWith("KUBECONFIG") ? [JSON.stringify(value).slice(1, -1)] : [],
  );

/** Whether the value is a file's path and not a secret, as a cloud's CREDENTIALS may be; other secrets may begin so. */
const isPath = (name: string, value: string) =>
  (name.endsWith("CREDENTIALS") || name === "SSH_AUTH_SOCK" || /^(OLD)?PWD$/.test(name)) && /^[/~.]/.test(value);

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The password of an address, the name where there is none, and what its query has that may be secret. */
function secretsInAddress(value: string): string[] {
  if (!/^[\w+.-]+:\/\//.test(value) || !URL.canParse(value)) return [];
  const { username, password, searchParams, search } = new URL(value);
  const named = [...searchParams].filter(([key]) => !openQuery.test(key)).map(([, text]) => text);
  const asWritten = search
    .slice(1)
    .split("&")
    .filter((pair) => !openQuery.test(pair.split("=")[0] ?? ""))
    .map((pair) => pair.slice(pair.indexOf("=") + 1));
  const login = password === "" ? username : password;
  return [login, decoded(login), ...named, ...asWritten];
}

const decoded = (text: string) =>
  text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll("%", ""), "hex").toString());
