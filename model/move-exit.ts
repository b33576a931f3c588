/** How a move's job ends. `failed`: another try may go well; `person`: somebody has to change something. */
export const moveExit = { done: 0, failed: 1, person: 3, told: 143 } as const;

/** Ends that the program didn't choose: it was killed (by lack of memory too), or its node stopped under it. */
export const killedExits: readonly number[] = [137, 255];

/** Ends after which the cluster makes the job's pod anew: those that say nothing about the move. */
export const endsFromOutside: number[] = [...killedExits, moveExit.told].sort((a, b) => a - b);
