import type { NodeStep, NodeType, StepState } from "../../model/node-preparation";
import { schema, type TalosConfig, type UserVolume } from "./config";
import { carryOut } from "./carry-out";
import { askTalos } from "./facts";
import type { TalosNodeFacts } from "./node-facts";
import { foresee } from "./foresee";
import { type ImageLine, judgeExtensions, judgeUpgrade } from "./judge-image";
import { judgeMount } from "./judge-mount";
import { judgeVolume } from "./judge-volume";
import { mountStep, upgradeStep, volumeStep } from "./step-ids";

/** The image first, since it restarts the node; volumes before what is mounted of them. */
function steps({ volumes, kubeletMounts, extensions, image, upgrade }: TalosConfig): NodeStep[] {
  const installs: NodeStep = {
    id: upgradeStep,
    words: `the image ${image}`,
    path: ["image"],
    line: { image, extensions } satisfies ImageLine,
    run: "local",
  };
  return [
    ...(upgrade ? [installs] : []),
    ...Object.entries(volumes).map(([name, line]): NodeStep => ({
      id: volumeStep(name),
      words: `the user volume ${name}`,
      path: ["volumes", name],
      line,
      run: "local",
    })),
    ...kubeletMounts.map((path): NodeStep => ({
      id: mountStep(path),
      words: `the kubelet's mount ${path}`,
      path: ["kubeletMounts"],
      line: path,
      run: "local",
    })),
  ];
}

/** Nodes that run Talos, by talosctl. */
export const node: NodeType<TalosConfig, TalosNodeFacts> = {
  type: "talos",
  schema,
  steps,
  ask: (target) => askTalos(target),
  judge({ settings, facts, done, claims, notReady = [] }): StepState[] {
    const { extensions, upgrade } = settings;
    const states = steps(settings).map(({ id, path, words, line }) => ({
      id,
      path,
      words,
      ...judgeStep(id, line, facts, { before: id in done, claims, notReady }),
    }));
    if (upgrade || extensions.length === 0) return states;
    const condition = { id: "extensions", path: ["extensions"], words: "the system extensions" };
    return [{ ...condition, ...judgeExtensions(settings, facts) }, ...states];
  },
  remains(node, id) {
    const by = "To remove it by hand: docs/nodes.md#taking-something-away-by-hand";
    if (id === upgradeStep) return `${node} keeps the image that it runs; nothing upgrades it any longer.`;
    const [, kind, name] = /^(volume|mount)-?(.*)$/.exec(id) ?? [];
    return kind === "volume"
      ? `the user volume ${name} stays on ${node} with its data, and in the machine config. ${by}.`
      : `the kubelet's mount ${name} stays on ${node}, in the machine config. ${by}.`;
  },
  foresee,
  carryOut,
};

interface Known {
  before: boolean;
  claims: readonly string[];
  notReady: readonly string[];
}

function judgeStep(id: string, line: unknown, facts: TalosNodeFacts, { before, claims, notReady }: Known) {
  if (id === upgradeStep) return judgeUpgrade(line as ImageLine, facts, notReady);
  return typeof line === "string"
    ? judgeMount(line, facts)
    : judgeVolume(id.slice(volumeStep("").length), line as UserVolume, facts, before, claims);
}
