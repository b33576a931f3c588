import { access } from "./kinds/access";
import type { KindCase } from "./kinds/case";
import { data } from "./kinds/data";
import { workloads } from "./kinds/workloads";

/** Every kind that the program declares. */
export const kinds: KindCase[] = [...access, ...data, ...workloads];
