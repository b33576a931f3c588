import { backupsName, endedHoldersAnnotation } from "../../model/backup";
import { errorOf, MoveError } from "../faults";
import type { Metadata, Pod } from "../orchestrate/objects";
import { ApiError, type Path } from "../wire/api";
import type { RepositoryContext } from "./repository-context";

interface Lease {
  metadata: Metadata;
  spec?: { holderIdentity?: string; renewTime?: string; acquireTime?: string; leaseDurationSeconds?: number };
}

/** Seconds after which other programs take the Lease for abandoned. Ours never go by time, but by the holder's pod. */
const duration = 60;

/**
 * The right to use the repository, which one pod of the stack has at a time. A holder whose pod has ended, or is gone,
 * loses it at once; one whose pod may still run never does, however late it is.
 */
export class RepositoryLease {
  readonly #path: Path<Lease>;
  readonly #list: Path<Lease>;
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly context: RepositoryContext) {
    const leases = `/apis/coordination.k8s.io/v1/namespaces/${context.task.home}/leases`;
    this.#list = { path: leases };
    this.#path = { path: `${leases}/${backupsName}` };
  }

  /** Waits for the Lease. Returns the pods that held it and may have left locks in the repository. */
  async take(): Promise<string[]> {
    let waitingFor = "";
    for (;;) {
      this.context.check();
      const lease = await this.context.api.find(this.#path);
      const holder = lease?.spec?.holderIdentity ?? "";
      if (holder === "" || holder === this.context.pod || (await this.#hasEnded(holder))) {
        const ended = [...new Set([...endedOf(lease), holder])].filter((pod) => !["", this.context.pod].includes(pod));
        if (await this.#write(lease, ended)) return this.#keep(ended);
        continue;
      }
      if (holder !== waitingFor)
        this.context.log(`waiting for pod ${holder}, which uses the repository; one pod at a time does`);
      waitingFor = holder;
      await this.context.wait(this.context.poll);
    }
  }

  /** The locks of ended holders are gone. */
  forgetEnded = () => this.note({ [endedHoldersAnnotation]: null });

  /** Writes annotations on the Lease; null takes one off. */
  async note(annotations: Record<string, string | null>): Promise<void> {
    await this.context.api.patch(this.#path, { metadata: { annotations } });
  }

  /** What is written on it. */
  async notes(): Promise<Record<string, string>> {
    return (await this.context.api.find(this.#path))?.metadata.annotations ?? {};
  }

  /**
   * Gives the Lease back. Nothing has to be done where that fails: the next pod sees that this one has ended. `failed`:
   * restic may have been killed, and have left a lock, though this program was not.
   */
  async release({ failed }: { failed: boolean }): Promise<void> {
    clearInterval(this.#timer);
    const lease = await this.context.api.find(this.#path).catch(() => undefined);
    if (lease?.spec?.holderIdentity !== this.context.pod) return;
    const { resourceVersion } = lease.metadata;
    const ended = JSON.stringify([...new Set([...endedOf(lease), this.context.pod])]);
    const annotations = failed ? { [endedHoldersAnnotation]: ended } : {};
    await this.context.api
      .patch(this.#path, { metadata: { resourceVersion, annotations }, spec: { holderIdentity: null } })
      .catch(() => undefined);
  }

  async #hasEnded(name: string): Promise<boolean> {
    const pods = `/api/v1/namespaces/${this.context.task.home}/pods`;
    const pod = await this.context.api.find<Pod>({ path: `${pods}/${name}` });
    return pod === undefined || ["Succeeded", "Failed"].includes(pod.status?.phase ?? "");
  }

  /** False where another pod was faster. */
  async #write(lease: Lease | undefined, ended: string[]): Promise<boolean> {
    const now = microTime();
    const spec = { holderIdentity: this.context.pod, acquireTime: now, renewTime: now, leaseDurationSeconds: duration };
    const annotations = ended.length > 0 ? { [endedHoldersAnnotation]: JSON.stringify(ended) } : {};
    try {
      if (lease)
        await this.context.api.patch(this.#path, {
          metadata: { resourceVersion: lease.metadata.resourceVersion, annotations },
          spec,
        });
      else
        await this.context.api.create(this.#list, {
          apiVersion: "coordination.k8s.io/v1",
          kind: "Lease",
          metadata: { name: backupsName, annotations },
          spec,
        });
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return false;
      throw error;
    }
  }

  #keep(ended: string[]): string[] {
    const lost = new AbortController();
    this.context.endWith(lost.signal);
    this.#timer = setInterval(() => {
      this.#renew().catch((error) => lost.abort(errorOf(error)));
    }, this.context.poll * 3);
    return ended;
  }

  /** Throws where another pod has the Lease. Where the API server can't be reached nobody can take it either. */
  async #renew(): Promise<void> {
    const { api, pod, log } = this.context;
    const lease = await api.find(this.#path).catch((error) => {
      log(`the Lease of the repository could not be renewed: ${errorOf(error).message}`);
    });
    if (!lease) return;
    const holder = lease.spec?.holderIdentity ?? "";
    if (holder !== pod)
      throw new MoveError(`the Lease of the repository was taken by ${holder ? `pod ${holder}` : "somebody"}`, {
        transient: true,
      });
    const { resourceVersion } = lease.metadata;
    await api
      .patch(this.#path, { metadata: { resourceVersion }, spec: { renewTime: microTime() } })
      .catch(() => undefined);
  }
}

/** Does something while this pod alone uses the repository. `ended`: pods that may have left locks in it. */
export async function withLease(
  context: RepositoryContext,
  act: (lease: RepositoryLease, ended: string[]) => Promise<void>,
): Promise<void> {
  const lease = new RepositoryLease(context);
  const ended = await lease.take();
  let failed = true;
  try {
    await act(lease, ended);
    failed = false;
  } finally {
    await lease.release({ failed });
  }
}

/** A Lease's times have microseconds. */
const microTime = () => new Date().toISOString().replace("Z", "000Z");

function endedOf(lease: Lease | undefined): string[] {
  try {
    return JSON.parse(lease?.metadata.annotations?.[endedHoldersAnnotation] ?? "[]");
  } catch {
    return [];
  }
}
