/** A fault the user can mend, printed without a stack. */
export class Fault extends Error {}
/** Brings node_modules in `root` to what package-lock.json says; `note` hears what it does. Throws Fault. */
export function installDependencies(root: string, note?: (text: string) => void): Promise<void>;
