import { busyboxLayer } from "../base";
import type { Recipe } from "../cache";
import type { Apt } from "../debian";

/** The shell that local-path-provisioner makes and removes a volume's directory with. */
export function helper(apt: Apt): Recipe {
  return {
    name: "helper",
    from: "",
    async build(scratch) {
      const root = await busyboxLayer(["busybox-static"], scratch, apt);
      return { name: "helper", version: "1", layers: [root], settings: { cmd: ["sh"] } };
    },
  };
}
