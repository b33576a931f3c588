/** What a move is told of the nodes that its pods and the service's may run on. Types only. */

export interface MovePasses {
  tolerations?: object[];
  priorityClassName?: string;
  imagePullSecrets?: { name: string }[];
}

export interface MovePlaces {
  nodeSelector?: Record<string, string>;
  affinity?: { nodeAffinity: NodeAffinity };
}

/** As Kubernetes has it, as far as the mover reads it. */
export interface NodeAffinity {
  requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms: object[] };
}

export interface MovePods {
  /** Fields of the spec of every pod of the move: what lets it on to nodes, and gets its image. */
  passes?: MovePasses;
  /** Where the service's pod may run once it is on the target; absent: anywhere. */
  places?: MovePlaces;
}
