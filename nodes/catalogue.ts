import type { NodeType } from "../model/node-preparation";
import { findParts } from "../model/parts";

/** Every type of node that a stack can have prepared: each folder in here whose `node.ts` exports `node`. */
export const nodeTypes: ReadonlyMap<string, NodeType> = findParts<NodeType>(__dirname, "node");
