import type { StepState } from "../../model/node-preparation";
import { mountOptions } from "./documents";
import type { TalosNodeFacts } from "./node-facts";

/** Whether the kubelet sees a directory as the config says. Pure. */
export function judgeMount(path: string, { mounts }: Pick<TalosNodeFacts, "mounts">): Pick<StepState, "state" | "why"> {
  const there = mounts.filter(({ destination }) => destination === path);
  const [mount] = there;
  if (!mount) return { state: "missing" };
  const lacking = mountOptions.filter((option) => !mount.options.includes(option));
  if (there.length === 1 && mount.source === path && lacking.length === 0) return { state: "done" };
  const how =
    there.length > 1
      ? `is mounted ${there.length} times`
      : mount.source === path
        ? `is mounted without ${lacking.join(" and ")}`
        : `is mounted from ${mount.source}`;
  return {
    state: "refused",
    why:
      `${path} ${how}, and the update changes no mount that is there. Correct machine.kubelet.extraMounts by hand: ` +
      "talosctl -n NODE edit machineconfig --mode no-reboot",
  };
}
