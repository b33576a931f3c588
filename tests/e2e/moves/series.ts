import type { Cluster } from "../fixture";
import { changedVolumes, runCase, type Ended, type Kept } from "./case";
import type { Case } from "./draw";
import { Ground } from "./ground";
import { subjects, type Subject } from "./subjects";
import { Writer } from "./writer";

/** Services under writers, and one move with a kill after the other. */
export class Series {
  readonly ground: Ground;
  private readonly kept: Kept = new Map();
  private readonly writers = new Map<string, Writer>();
  private readonly subjects: Subject[];

  constructor(cluster: Cluster, cases: readonly Case[]) {
    this.subjects = subjects.filter(({ name }) => cases.some(({ subject }) => subject === name));
    this.ground = new Ground(
      cluster,
      this.subjects.map(({ name }) => name),
    );
  }

  /** Deploys the services and lets the writers begin. */
  async begin(): Promise<void> {
    await this.ground.write();
    await this.ground.succeed();
    for (const subject of this.subjects) {
      const writer = new Writer(this.ground.cluster, subject);
      this.writers.set(subject.name, writer);
      await writer.start();
    }
  }

  run(drawn: Case): Promise<Ended> {
    const subject = this.subjects.find(({ name }) => name === drawn.subject)!;
    return runCase(this.ground, drawn, subject, this.writers.get(subject.name)!, this.kept);
  }

  /** Old volumes that somebody changed since their service left them, none of which was released. */
  changedVolumes(): Promise<string[]> {
    return changedVolumes(this.ground, this.kept);
  }

  async end(): Promise<void> {
    for (const writer of this.writers.values()) await writer.stop();
  }
}
