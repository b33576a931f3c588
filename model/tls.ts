/** The names by which servers and clients of encrypted connections find their certificates. */

/** Where a container has its files. */
export const tlsDirectories = { server: "/run/tls/server", authority: "/run/tls/ca" };

/** The server's certificate and key, and the certificate of the authority that clients go by. */
export const tlsFiles = {
  certificate: `${tlsDirectories.server}/tls.crt`,
  key: `${tlsDirectories.server}/tls.key`,
  authority: `${tlsDirectories.authority}/ca.crt`,
};

/** The ConfigMap with the authority's certificate, in each namespace that has servers or clients. */
export const authorityName = "cluster-storage-ca";

/**
 * The Secret with a server's certificate and key, in the form of kubernetes.io/tls. cert-manager's has another name, so
 * that a change of the issuer is a new Secret, and nobody deletes what the other has made.
 */
export const certificateName = (service: string, certManager: boolean) =>
  `${service}-${certManager ? "certificate" : "tls"}`;

/** On a server's pods: its certificate's SHA-256, so that a new certificate is a new pod, and when it ends. */
export const certificateAnnotation = "cluster-storage/certificate";
export const certificateEndsAnnotation = "cluster-storage/certificate-ends";

/** On the pods of servers and clients: the authority's certificate's SHA-256. */
export const authorityAnnotation = "cluster-storage/authority";

/** What issues the certificates in the stack's own authority's place. */
export interface CertManagerPlan {
  issuer: string;
  kind: string;
  /** The certificate of the authority behind the issuer, as PEM: what clients trust. */
  ca: string;
}

/** Encrypted connections of the whole stack. */
export interface TlsPlan {
  certManager?: CertManagerPlan;
  /** Namespaces with servers or clients. */
  namespaces: string[];
}
