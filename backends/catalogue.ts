import type { Backend } from "../model/backend";
import { findParts } from "../model/parts";

/** The backends of a folder, by type. Each folder in it whose `backend.ts` exports `backend` is one. */
export const findBackends = (folder: string): Map<string, Backend> => findParts<Backend>(folder, "backend");

/** Every type of backend that a stack can name. */
export const backendTypes: ReadonlyMap<string, Backend> = findBackends(__dirname);
