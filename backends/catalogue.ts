import { existing } from "./existing";
import { localPath } from "./local-path";
import type { Backend } from "./types";

/** Every type of backend that a stack can name. */
export const backendTypes: ReadonlyMap<string, Backend> = new Map(
  [localPath as Backend, existing as Backend].map((backend) => [backend.type, backend]),
);
