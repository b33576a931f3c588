import type { Cluster } from "../fixture";
import { removeStack } from "../state";
import type { Round } from "./draw";
import { Ground } from "./ground";
import { runRound, type Found } from "./round";

/** Rounds on one stack after the other: what a round couldn't mend is taken away, and the next begins from nothing. */
export class Rounds {
  private ground?: Ground;

  constructor(
    private readonly cluster: Cluster,
    /** Is told of each command as it ends. */
    private readonly tell: (line: string) => void = () => {},
  ) {}

  /** The stack, where there is none. */
  async begin(): Promise<Ground> {
    if (this.ground) return this.ground;
    await removeStack(this.cluster);
    return (this.ground = await Ground.make(this.cluster));
  }

  async run(round: Round): Promise<Found> {
    const ground = await this.begin();
    try {
      const found = await runRound(ground, round, this.tell);
      if (found.lost.length > 0 || found.green.length > 0) await this.end();
      return found;
    } catch (error) {
      await round.hand.undo?.(ground, round.store);
      await this.end();
      throw error;
    }
  }

  async end(): Promise<void> {
    await this.ground?.remove();
    this.ground = undefined;
    await removeStack(this.cluster);
  }
}
