import { flag, matching, nonEmpty, object, oneOf } from "./fields";

/** The section `cluster-storage:tls`. */
export const tlsSchema = object({
  default: flag
    .default(false)
    .describe("What `tls` is of every service that can encrypt its connections and doesn't say it itself."),
  certManager: object({
    issuer: nonEmpty("name the issuer").describe("Name of the issuer."),
    kind: oneOf(["ClusterIssuer", "Issuer"])
      .default("ClusterIssuer")
      .describe("An `Issuer` has to be there in the namespace of every encrypted service."),
    ca: matching(
      /^-----BEGIN CERTIFICATE-----\s[^]*-----END CERTIFICATE-----\s*$/,
      () => "is not a certificate; write it as PEM, from -----BEGIN CERTIFICATE----- on",
    ).describe("Certificate of the authority behind the issuer, as PEM: clients verify the servers by it."),
  })
    .optional()
    .meta({
      description: "cert-manager, which has to be installed, issues the certificates (docs/in-flight.md).",
      otherwise: "an authority of the stack's own",
    }),
});

/** `tls` of a service that can encrypt its connections. */
export const tls = flag.optional().meta({
  description:
    "Its connections are encrypted and plain ones are refused; the stack's own clients verify it (docs/in-flight.md).",
  otherwise: "`cluster-storage:tls.default`",
});
