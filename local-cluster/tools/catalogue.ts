import type { Part } from "./part";
import { checkerParts } from "./parts/checkers";
import { kubernetesParts } from "./parts/kubernetes";
import type { Platform } from "./parts/platform";
import { pulumi } from "./parts/pulumi";

/** What the local cluster runs, with Pulumi. */
export const clusterParts = (platform: Platform): Part[] => [...kubernetesParts(platform), pulumi(platform)];

/** What only the tests run. */
export const testParts = checkerParts;
