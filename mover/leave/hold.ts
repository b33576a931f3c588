import type { Exec, ExportRecipe } from "../../model/export-recipe";
import { errorOf } from "../faults";
import type { Pod } from "../orchestrate/objects";
import { outputOf } from "./exec";
import type { Leaving } from "./leaving";

/** Milliseconds between two renewals: well within the ten minutes for which one command holds a service. */
const renewal = 60_000;

/** Milliseconds after which a command that holds or lets go is given up: so long does a hold last by itself. */
const longest = 600_000;

/** What `begin` prints where it can't hold the service at all, and where it can hold it only later. */
const answers = { notHeld: /^not held: (.*)$/m, later: /^later: (.*)$/m };

/** Keeps a service's data standing still. */
export class Hold {
  readonly #pod: string;
  #timer: NodeJS.Timeout | undefined;
  #renewing: Promise<unknown> = Promise.resolve();
  #hold: Exec[];
  /** Nothing is held yet. */
  #late = false;

  /** `recipes`: of all volumes that leave the pod together. */
  constructor(
    readonly context: Leaving,
    pod: Pod,
    readonly recipes: ExportRecipe[],
  ) {
    this.#pod = pod.metadata.name;
    this.#hold = recipes.flatMap(({ begin }) => begin);
  }

  /** Before the data is streamed. */
  async begin(): Promise<void> {
    const { log, service } = this.context;
    const said = await this.#run(this.#hold);
    const because = answers.later.exec(said)?.[1];
    this.#late = because !== undefined;
    if (!this.#late) return this.#keep(said);
    // With several volumes, the part of a small one may already hold the service, so that part is let go.
    await this.#letGo();
    log(
      `${service} keeps taking writes while its data leaves pod ${this.#pod}: ${because}. Its writes are held ` +
        "for the last comparison, which finds what was written meanwhile",
    );
  }

  /**
   * Called after the data was streamed and before the check that nothing was written. It holds a service that couldn't
   * be held during the stream.
   */
  async tighten(): Promise<void> {
    if (!this.#late) return;
    this.#late = false;
    this.#hold = this.recipes.flatMap(({ begin, last = begin }) => last);
    this.#keep(await this.#run(this.#hold));
  }

  #keep(said: string): void {
    const { log, service } = this.context;
    this.#timer = setInterval(() => {
      // If a renewal fails, the next one may succeed; otherwise the comparison at the end shows it.
      this.#renewing = this.#run(this.#hold).catch((error) =>
        log(`the hold on ${service}'s writes could not be renewed: ${errorOf(error).message}`),
      );
    }, renewal);
    const because = answers.notHeld.exec(said)?.[1];
    log(because ? goesOn(this.context, because) : `${service} takes no writes while its data leaves pod ${this.#pod}`);
  }

  /** Holds on for the full time from now. */
  async renew(): Promise<void> {
    await this.#renewing;
    await this.#run(this.#hold);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Lets the service go. Nothing has to be done where the pod is gone. */
  async end(): Promise<void> {
    await this.#renewing;
    try {
      await this.#letGo();
    } catch (error) {
      const { log, service } = this.context;
      log(
        `the hold on ${service}'s writes could not be ended; it ends by itself within ten minutes: ` +
          errorOf(error).message,
      );
    }
  }

  #letGo(): Promise<string> {
    return this.#run(this.recipes.flatMap(({ end }) => end));
  }

  /** Runs the commands and returns what they print. */
  async #run(commands: Exec[]): Promise<string> {
    const { api, paths } = this.context;
    let printed = "";
    for (const { exec } of commands)
      printed += await outputOf(api.server, paths.pod(this.#pod), this.recipes[0]?.container ?? "", exec, longest);
    return printed;
  }
}

const goesOn = ({ service, act }: Leaving, because: string) =>
  `${service} keeps taking writes while its data leaves its pod: ${because}. A write before the last comparison ` +
  `makes the ${act} fail${act === "move" ? ", and a write after it is lost with the pod: keep clients away" : ""}`;
