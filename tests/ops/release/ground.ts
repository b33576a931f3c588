import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findClaim } from "../../../ops/move/find";
import { carryOutRelease } from "../../../ops/release/carry-out";
import { committedStacks, planOf } from "../../stack";
import { fakeStack, type FakeStack } from "../recover/fake-pulumi";
import { FakeCluster } from "./fake-cluster";

export const quiet = {
  step: <T>(_title: string, work: (note: () => void) => Promise<T>) => work(() => {}),
  info: () => {},
};
export const withRedis = (entry: string) =>
  committedStacks()
    .get("dev")!
    .replace(/redis: \{[^}]*\}/, `redis: ${entry}`);
export const before = withRedis("{ size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi }] }");
export const after = withRedis("{ size: 1Gi, generation: 2 }");
export const noted = 'note on volume pvc-redis-data {"stack":"cluster-storage/dev","claim":"uid of redis-data"}';

const copied = {
  "cluster-storage/moved": JSON.stringify({
    from: "redis-data",
    at: "2026-11-22T05:40:00Z",
    files: 3,
    bytes: 2048,
    seconds: 1,
    sha256: "0123456789abcdef00",
  }),
};
const urn = "urn:pulumi:dev::cluster-storage::kubernetes:core/v1:PersistentVolumeClaim::redis-data";

export interface ReleaseGround {
  cluster: FakeCluster;
  /** The stack's file. */
  file: string;
  release(): Promise<FakeStack>;
}

/** For each test a stack's file and a cluster with redis on its second volume, whose first one is released. */
export function useRelease(): ReleaseGround {
  let directory = "";
  const write = process.stdout.write.bind(process.stdout);
  const ground: ReleaseGround = { cluster: new FakeCluster(), file: "", release };
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "release-"));
    process.env.CLUSTER_STORAGE_STACKS = directory;
    ground.file = join(directory, "Pulumi.dev.yaml");
    await writeFile(ground.file, before);
    ground.cluster = new FakeCluster();
    ground.cluster.add("redis-data");
    ground.cluster.add("redis-data-2", copied);
    ground.cluster.inUse = "redis-data-2";
  });
  afterEach(async () => {
    delete process.env.CLUSTER_STORAGE_STACKS;
    await rm(directory, { recursive: true });
  });
  return ground;

  async function release(): Promise<FakeStack> {
    const fake = await fakeStack(directory, {
      version: 3,
      deployment: {
        resources: [{ urn, type: "kubernetes:core/v1:PersistentVolumeClaim", id: "local-ai-system/redis-data" }],
      },
    });
    const { plan } = planOf(before, "dev");
    const claim = findClaim("redis", plan);
    const service = plan.services.find(({ name }) => name === "redis")!;
    const target = { stack: { ...fake.stack, project: "cluster-storage" }, connect: ground.cluster.connect };
    process.stdout.write = () => true;
    try {
      await carryOutRelease(
        { service, claim, volume: claim.kept[0]!, file: ground.file, before, after },
        target,
        { yes: true },
        quiet,
      );
    } finally {
      process.stdout.write = write;
    }
    return fake;
  }
}
