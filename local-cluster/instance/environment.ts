import type { Tools } from "../tools";

/** The part of this process's environment that components get: enough to find programs, and no secrets. */
export function toolEnvironment(tools: Tools): Record<string, string> {
  const wanted = {
    PATH: `${tools.bin}:${process.env.PATH ?? ""}`,
    HOME: "/root",
    SSL_CERT_FILE: process.env.SSL_CERT_FILE,
    SSL_CERT_DIR: process.env.SSL_CERT_DIR,
    ...tools.env,
  };
  return Object.fromEntries(
    Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
