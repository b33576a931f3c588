import { createHash } from "node:crypto";
import { UserError } from "../../model/user-error";

/** One digest for every kind of processor: what a registry calls an index, or a list. */
const INDEXES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const PATIENCE = 15_000;

/** Where a registry answers; a test has one of its own. */
export type Origin = (host: string) => string;
const https: Origin = (host) => `https://${host}`;

/** The registry, the repository and the tag of a reference, as the container runtime reads it. */
export function readReference(image: string): { host: string; repository: string; tag: string } {
  const [, name = "", tag = ""] = /^(.+):([^/:]+)$/.exec(image) ?? [];
  const [first = "", ...rest] = name.split("/");
  const named = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const repository = named ? rest.join("/") : name;
  if (named && first !== "docker.io") return { host: first, repository, tag };
  return {
    host: "registry-1.docker.io",
    repository: repository.includes("/") ? repository : `library/${repository}`,
    tag,
  };
}

/**
 * The digest of what a tag means now, made from what its registry answers. Throws a UserError with the reason where
 * there is none: the registry isn't reached, has no such tag, or has it for one kind of processor only.
 */
export async function digestOf(image: string, origin: Origin = https): Promise<string> {
  const { host, repository, tag } = readReference(image);
  const url = `${origin(host)}/v2/${repository}/manifests/${tag}`;
  const first = await ask(image, url);
  const response = first.status === 401 ? await ask(image, url, await tokenOf(image, first)) : first;
  if (!response.ok) throw new UserError(`${image}: ${host} answered ${response.status}`);
  const body = Buffer.from(await response.arrayBuffer());
  const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  const said = response.headers.get("docker-content-digest");
  if (said !== null && said !== digest) throw new UserError(`${image}: ${host} calls it ${said}, and it is ${digest}`);
  if (!INDEXES.includes((response.headers.get("content-type") ?? "").split(";")[0]!))
    throw new UserError(`${image}: ${host} has it for one kind of processor only, so a digest would not do for others`);
  return digest;
}

async function ask(image: string, url: string, token?: string): Promise<Response> {
  const headers = { accept: INDEXES.join(", "), ...(token && { authorization: `Bearer ${token}` }) };
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE) });
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { message?: string; code?: string } };
    throw new UserError(`${image}: ${new URL(url).host} is not reached: ${cause?.message || cause?.code || message}`);
  }
}

/** A token for everybody, from where the registry says that it is given out. */
async function tokenOf(image: string, { headers }: Response): Promise<string> {
  const asked = headers.get("www-authenticate") ?? "";
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(asked)?.[1];
  const realm = field("realm");
  if (!realm || !URL.canParse(realm)) throw new UserError(`${image}: its registry wants a login`);
  const url = new URL(realm);
  for (const name of ["service", "scope"]) if (field(name)) url.searchParams.set(name, field(name)!);
  const response = await ask(image, url.href);
  const { token, access_token } = (response.ok ? await response.json() : {}) as Record<string, string | undefined>;
  if (!token && !access_token) throw new UserError(`${image}: its registry wants a login`);
  return (token ?? access_token)!;
}
