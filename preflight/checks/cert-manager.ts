import type { GeneralCheck } from "../../model/backend";
import { results } from "../results";

const definition = "certificates.cert-manager.io";

/** A pod whose certificate nobody issues waits for ever. Without cert-manager in the config there is nothing to say. */
export const certManager: GeneralCheck = {
  id: "cert-manager",
  group: "cluster",
  run({ facts: { definitions }, plan }) {
    const { ok, error, unread } = results(this.id);
    if (!plan.tls?.certManager) return [];
    if (!definitions) return [unread("CustomResourceDefinitions")];
    if (definitions.includes(definition)) return [ok("cert-manager, which issues the certificates, is installed")];
    return [
      error(
        `cluster-storage:tls.certManager is set, and cert-manager is not installed: there is no ${definition}`,
        "install it (cert-manager.io/docs/installation) with the issuer that the config names, or leave certManager " +
          "out: then the stack has an authority of its own",
      ),
    ];
  },
};
