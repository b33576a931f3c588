import "reflect-metadata"; // The X.509 library's dependency injection needs it first.
import * as x509 from "@peculiar/x509";
import { webcrypto, type KeyObject, type X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { readPair, type Pair } from "./key-pair";

/** Who a certificate is for. */
export interface Subject {
  /** File name without `.pem`. */
  file: string;
  user: string;
  group?: string;
  /** The names and addresses that it serves at; a client has none. */
  serves?: string[];
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 24 * 3600 * 1000;
const CA_DAYS = 3650;
const LEAF_DAYS = 365;
const RENEW_DAYS = 30;

/**
 * Makes an authority and a certificate for each subject in `directory`, and keeps those that are still good.
 * A `.pem` has the certificate and its key in one file, so that a kill can't leave one without the other;
 * `ca.crt` has the authority's certificate alone, because it is given to every pod.
 */
export async function ensureCertificates(directory: string, subjects: Subject[]): Promise<void> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = (file: string) => join(directory, `${file}.pem`);
  const ca = readPair(path("ca")) ?? (await issue(path("ca"), { file: "ca", user: "cluster-storage-ca" }));
  write(join(directory, "ca.crt"), ca.certificate.toString());
  for (const subject of subjects) {
    const present = readPair(path(subject.file));
    if (!present || !isGood(present, subject, ca.certificate)) await issue(path(subject.file), subject, ca);
  }
  if (!existsSync(path("service-account"))) {
    const { keys, pkcs8 } = await newKeys();
    write(
      path("service-account"),
      pem("PUBLIC KEY", await webcrypto.subtle.exportKey("spki", keys.publicKey)) + pem("PRIVATE KEY", pkcs8),
    );
  }
}

function isGood({ certificate }: Pair, subject: Subject, ca: X509Certificate): boolean {
  const covers = (host: string) => (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined;
  return (
    certificate.verify(ca.publicKey) &&
    Date.parse(certificate.validTo) - Date.now() > RENEW_DAYS * DAY &&
    (subject.serves ?? []).every(covers)
  );
}

async function newKeys() {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  return { keys, pkcs8: await webcrypto.subtle.exportKey("pkcs8", keys.privateKey) };
}

/** Without an issuer, the certificate is an authority of its own. */
async function issue(file: string, subject: Subject, issuer?: Pair): Promise<Pair> {
  const { keys, pkcs8 } = await newKeys();
  const name: x509.JsonName = [{ CN: [subject.user] }, ...(subject.group ? [{ O: [subject.group] }] : [])];
  const dates = (days: number) => ({
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + days * DAY),
  });
  const certificate = issuer
    ? await x509.X509CertificateGenerator.create({
        subject: name,
        issuer: new x509.X509Certificate(issuer.certificate.raw).subjectName,
        publicKey: keys.publicKey,
        signingKey: await signingKey(issuer.key),
        signingAlgorithm: ALGORITHM,
        extensions: leafExtensions(subject),
        ...dates(LEAF_DAYS),
      })
    : await x509.X509CertificateGenerator.createSelfSigned({
        name,
        keys,
        signingAlgorithm: ALGORITHM,
        extensions: [
          new x509.BasicConstraintsExtension(true, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
        ],
        ...dates(CA_DAYS),
      });
  write(file, `${certificate.toString("pem")}\n${pem("PRIVATE KEY", pkcs8)}`);
  return readPair(file)!;
}

function leafExtensions(subject: Subject): x509.Extension[] {
  const usages = [x509.ExtendedKeyUsage.clientAuth, ...(subject.serves ? [x509.ExtendedKeyUsage.serverAuth] : [])];
  const names = (subject.serves ?? []).map((value) => ({
    type: isIP(value) ? ("ip" as const) : ("dns" as const),
    value,
  }));
  return [
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(usages),
    ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
  ];
}

function signingKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const pkcs8 = key.export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", new Uint8Array(pkcs8), ALGORITHM, false, ["sign"]);
}

function pem(label: string, der: ArrayBuffer): string {
  return x509.PemConverter.encode(der, label) + "\n";
}

function write(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
