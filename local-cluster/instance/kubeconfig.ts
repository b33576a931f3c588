import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { readPair } from "./key-pair";
import type { Layout } from "./layout";

/** The admin's kubeconfig, with one context, `cluster-storage-NAME`, and everything it needs inside it. */
export function writeAdminKubeconfig(layout: Layout): void {
  const { certificate, key } = readPair(join(layout.certificates, "admin.pem"))!;
  write(layout.kubeconfig, layout, {
    "client-certificate-data": base64(certificate.toString()),
    "client-key-data": base64(key.export({ type: "pkcs8", format: "pem" }).toString()),
  });
}

/** The kubeconfig of one component; it reads its certificate from the file. */
export function writeComponentKubeconfig(layout: Layout, component: string): void {
  const file = join(layout.certificates, `${component}.pem`);
  write(componentKubeconfig(layout, component), layout, { "client-certificate": file, "client-key": file });
}

export function componentKubeconfig(layout: Layout, component: string): string {
  return join(layout.config, `${component}.kubeconfig`);
}

function write(file: string, layout: Layout, user: Record<string, string>): void {
  const name = layout.context;
  const authority = base64(readFileSync(join(layout.certificates, "ca.crt"), "utf8"));
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: layout.server, "certificate-authority-data": authority } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
  writeFileSync(`${file}.new`, stringify(config), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
