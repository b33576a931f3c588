/** A volume of a service as its stack file has it. */
export interface Volume {
  generation: number;
  backend: string;
  size: string;
}

/** What a service's lines in the stack file say of its volumes. */
export interface Lines {
  current: Volume;
  kept: Volume[];
  /** The generation that is copied from. */
  from?: number | "none";
}

/**
 * What a person changes: the backend, only the size, or back to the volume before, with the newest data or as it was
 * left.
 */
export type Direction =
  | "to the other backend"
  | "to a larger volume"
  | "to a smaller volume"
  | "back"
  | "back as it was"
  | "into its pod"
  | "out of its pod";

const backends = ["local-path", "fast"];

/** The backend that is a directory of the pod. */
export const inPod = "scratch";

/** The lines after a move in that direction. */
export function moved({ current, kept, from }: Lines, direction: Direction): Lines {
  if (direction === "back" || direction === "back as it was") {
    const target = kept.find(({ generation }) => generation === from);
    if (!target) throw new Error("there is no volume to go back to");
    return {
      current: target,
      kept: [...kept.filter((volume) => volume !== target), current],
      from: direction === "back" ? current.generation : "none",
    };
  }
  const generation = Math.max(...[current, ...kept].map((volume) => volume.generation)) + 1;
  return {
    current: { ...current, generation, ...change(current, direction) },
    kept: [...kept, current],
    from: current.generation,
  };
}

function change({ backend }: Volume, direction: Exclude<Direction, "back" | "back as it was">): Partial<Volume> {
  switch (direction) {
    case "to the other backend":
      return { backend: backends.find((other) => other !== backend)! };
    case "into its pod":
      return { backend: inPod };
    case "out of its pod":
      return { backend: "local-path" };
    case "to a larger volume":
      return { size: "2Gi" };
    case "to a smaller volume":
      return { size: "768Mi" };
  }
}

/** As the stack's config has them. */
export function settings({ current, kept, from }: Lines): object {
  return { ...current, class: undefined, kept, ...(from === undefined ? {} : { from }) };
}
