import type { Recipe } from "../cache";
import { busyboxLayer, type DebianSource } from "../base";

/** The shell that local-path-provisioner makes and removes a volume's directory with. */
export function helper(source: Omit<DebianSource, "scratch">): Recipe {
  return {
    name: "helper",
    from: "",
    async build(scratch) {
      const { tree } = await busyboxLayer(["busybox-static"], { ...source, scratch });
      return { name: "helper", version: "1", layers: [tree], settings: { cmd: ["sh"] } };
    },
  };
}
