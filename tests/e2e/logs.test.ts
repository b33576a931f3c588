import assert from "node:assert/strict";
import { waitForReadyPod } from "../../kube/pods";
import { useDeployedStack } from "./fixture";
import { refOf } from "./kill-pod";

const complaint = /deprecat|insecure|not permitted|permission denied|read-only file system|EROFS|EACCES/i;

type Made = Record<string, { image: { standIn: boolean } }>;

/** n8n and Flowise are in tests/e2e/real. */
describe("what the real programs say of how they are run", () => {
  const cluster = useDeployedStack();
  /** Of the pods that there are; `before`: those that they come after, by service. */
  const complaints = async (names: string[], before: Record<string, string | undefined> = {}) => {
    const said: Record<string, string[]> = {};
    const pods: { name: string; namespace: string; uid?: string }[] = [];
    for (const service of names) {
      const ref = refOf(service);
      const { metadata } = await waitForReadyPod(cluster().kube, ref, 400_000, before[service]);
      const at = { name: metadata!.name!, namespace: ref.namespace };
      const log = await cluster().kube.core.readNamespacedPodLog(at);
      said[service] = (log ?? "").split("\n").filter((line) => complaint.test(line));
      pods.push({ ...at, uid: metadata!.uid });
    }
    return { said, pods };
  };

  it("is nothing that is deprecated, insecure or not permitted, at a start and at the next one", async function () {
    this.timeout(900_000);
    const { "cluster-storage:services": made = {} } = cluster().overrides as { "cluster-storage:services"?: Made };
    const names = Object.keys(made).filter((name) => !made[name]!.image.standIn && !["n8n", "flowise"].includes(name));
    if (Object.keys(made).length > 0) assert.ok(names.includes("neo4j") && names.length >= 6, names.join());
    const nothing = Object.fromEntries(names.map((name) => [name, []]));
    const first = await complaints(names);
    assert.deepEqual(first.said, nothing);
    for (const { name, namespace } of first.pods) await cluster().kube.core.deleteNamespacedPod({ name, namespace });
    const uids = Object.fromEntries(first.pods.map(({ uid }, i) => [names[i]!, uid]));
    assert.deepEqual((await complaints(names, uids)).said, nothing);
  });
});
