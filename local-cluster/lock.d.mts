/** Runs `work` while no other process of this machine holds the lock of `subject`; `onWait` hears who does. */
export function withLock<T>(subject: string, work: () => Promise<T>, onWait?: (pid: number) => void): Promise<T>;
