import { MoveError } from "../faults";
import type { Context } from "./context";
import type { Pod, Warning } from "./objects";
import { podName, type Part } from "./own-pods";
import { troubleOf } from "./trouble";

/** Milliseconds. An image may take long to pull, as long as nothing is wrong with it. */
const startPatience = 20 * 60_000;

/** Watches over a pod's way to its start. */
export class Start {
  readonly #since = performance.now();
  #troubled: number | undefined;

  constructor(
    readonly context: Context,
    readonly part: Part,
  ) {}

  /** Throws when a problem lasts too long. */
  async check(pod: Pod): Promise<void> {
    const { patience, move } = this.context;
    const trouble = troubleOf(pod, await this.#warnings());
    this.#troubled = trouble ? (this.#troubled ?? performance.now()) : undefined;
    const late = performance.now() - this.#since > startPatience;
    if (late || (this.#troubled !== undefined && performance.now() - this.#troubled > patience)) {
      const why = trouble ?? "the node doesn't say why";
      throw new MoveError(`pod ${podName(move, this.part)} doesn't start: ${why}`);
    }
  }

  async #warnings(): Promise<Warning[]> {
    const { api, paths, move } = this.context;
    const claims = [move.source.claim, move.target.claim].filter((name) => name !== undefined);
    const names = [podName(move, this.part), ...claims];
    return (await Promise.all(names.map((name) => api.list(paths.warnings(name))))).flat();
  }
}
