import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readVolume } from "../../../kube/read/volumes";
import { waitForReadyPod } from "../../../kube/pods";
import type { Cluster } from "../fixture";
import { insideInstance } from "../inside";
import { second } from "../second-node";
import { ballast } from "./ballast";
import type { Subject } from "./subjects";
import { digestIn, directoryOf, movedTo, type VolumeDigest } from "./volume";

/** Volumes on this instance's two nodes, and what their services left of them. */
export class TwoNodes {
  /** What services left, by where it is. */
  private readonly kept = new Map<string, VolumeDigest>();

  constructor(private readonly cluster: Cluster) {}

  /** Where the second node has its volumes; the first has the others'. */
  get there(): string {
    return join(this.cluster.volumes, second);
  }

  async nodeOf(namespace: string, claim: string): Promise<string | undefined> {
    const { core } = this.cluster.kube;
    const { spec } = await core.readNamespacedPersistentVolumeClaim({ namespace, name: claim });
    return readVolume(await core.readPersistentVolume({ name: spec!.volumeName! })).tiedTo?.join();
  }

  /** A generation's directory, with what is mounted there inside the instance. */
  async placeOf({ ref, claim }: Subject, generation: number): Promise<string> {
    return insideInstance(await directoryOf(this.cluster.kube, ref.namespace, claim(generation)));
  }

  /** The service runs on that node, on a volume that has all of the one that it left, which is remembered. */
  async assertArrived(subject: Subject, from: number, to: number, node: string): Promise<void> {
    const { kube, volumes } = this.cluster;
    const { namespace } = subject.ref;
    const [source, target] = [subject.claim(from), subject.claim(to)];
    const { spec } = await waitForReadyPod(kube, subject.ref, 180_000);
    assert.equal(spec?.nodeName, node);
    assert.ok(spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === target));
    assert.deepEqual(
      [await this.nodeOf(namespace, source), await this.nodeOf(namespace, target)],
      [node === second ? "local" : second, node],
    );
    assert.equal(dirname(await directoryOf(kube, namespace, target)), node === second ? this.there : volumes);
    const place = await this.placeOf(subject, from);
    const left = await digestIn(place);
    assert.equal((await movedTo(kube, namespace, target))?.sha256, left.content);
    this.kept.set(place, left);
  }

  /** All that was left is as it was, byte for byte. Returns how many volumes these are. */
  async assertUnchanged(): Promise<number> {
    for (const [place, before] of this.kept) assert.deepEqual(await digestIn(place), before, place);
    return this.kept.size;
  }

  /** The service goes back there, so it may change. */
  async forget(subject: Subject, generation: number): Promise<void> {
    this.kept.delete(await this.placeOf(subject, generation));
  }

  async assertSameBallast(subject: Subject, ...generations: [number, number]): Promise<void> {
    const read = async (generation: number) => readFileSync(join(await this.placeOf(subject, generation), ballast));
    const [one, other] = [await read(generations[0]), await read(generations[1])];
    assert.ok(one.length > 0 && one.equals(other));
  }
}
