import { until } from "../state";
import type { Ground } from "./ground";
import type { Store } from "./stores";

/** What a person or a cluster does behind our back. */
export interface Hand {
  name: string;
  does(ground: Ground, store: Store): Promise<void>;
  /** What the same person takes back before anything is mended: none of our commands could. */
  undo?(ground: Ground, store: Store): Promise<void>;
}

const provisioner = ["-n", "local-path-storage", "deployment/local-path-provisioner"];
const wait = "--wait=false";
const node = "local";

/** The claim's name and its namespace, as arguments. */
const claimOf = async (ground: Ground, store: Store) => {
  const { claim } = await ground.claimOf(store);
  return ["-n", store.ref.namespace, "pvc", claim];
};

async function deletePods(ground: Ground, store: Store): Promise<void> {
  await ground.kubectl(["-n", store.ref.namespace, "delete", "pod", "-l", ground.selector(store), "--grace-period=1"]);
}

export const hands: Hand[] = [
  {
    name: "deletes the claim",
    async does(ground, store) {
      await ground.kubectl(["delete", wait, ...(await claimOf(ground, store))]);
    },
  },
  {
    name: "deletes the claim and then its pod",
    async does(ground, store) {
      await ground.kubectl(["delete", wait, ...(await claimOf(ground, store))]);
      await deletePods(ground, store);
    },
  },
  {
    name: "keeps the volume, and deletes the claim and its pod",
    async does(ground, store) {
      await ground.setPolicy(store, "Retain");
      await ground.kubectl(["delete", wait, ...(await claimOf(ground, store))]);
      await deletePods(ground, store);
    },
  },
  {
    name: "deletes the claim and takes its finalizer",
    async does(ground, store) {
      const claim = await claimOf(ground, store);
      await ground.setPolicy(store, "Retain");
      await ground.kubectl(["delete", wait, ...claim]);
      await ground.kubectl(["patch", ...claim, "--type=merge", "-p", '{"metadata":{"finalizers":null}}']);
    },
  },
  {
    name: "deletes the volume",
    async does(ground, store) {
      await ground.kubectl(["delete", wait, "pv", await ground.volumeOf(store)]);
    },
  },
  {
    name: "keeps the volumes and deletes the namespace",
    async does(ground, store) {
      await ground.setPolicy(store, "Retain");
      await ground.kubectl(["delete", "namespace", store.ref.namespace, "--timeout=60s"]);
    },
  },
  {
    name: "scales to nothing",
    async does(ground, { ref }) {
      await ground.kubectl(["-n", ref.namespace, "scale", "--replicas=0", `${ref.kind.toLowerCase()}/${ref.workload}`]);
    },
  },
  {
    name: "deletes the workload",
    async does(ground, { ref }) {
      await ground.kubectl(["-n", ref.namespace, "delete", `${ref.kind.toLowerCase()}/${ref.workload}`]);
    },
  },
  {
    name: "takes the claim's marks",
    async does(ground, store) {
      const none = '{"metadata":{"labels":null,"annotations":null}}';
      await ground.kubectl(["patch", ...(await claimOf(ground, store)), "--type=merge", "-p", none]);
    },
  },
  {
    name: "patches the volume's reclaim policy",
    does: (ground, store) => ground.setPolicy(store, "Delete"),
  },
  {
    name: "changes the image to one that isn't there",
    async does(ground, { ref, name }) {
      const workload = `${ref.kind.toLowerCase()}/${ref.workload}`;
      await ground.kubectl(["-n", ref.namespace, "set", "image", workload, `${name}=nobody.invalid/nothing:9`]);
    },
  },
  {
    name: "kills the provisioner",
    async does(ground) {
      await ground.kubectl(["-n", provisioner[1]!, "delete", "pod", "--all", "--grace-period=0", "--force"]);
    },
  },
  {
    name: "takes the provisioner away",
    async does(ground) {
      await ground.kubectl(["scale", "--replicas=0", ...provisioner]);
    },
    async undo(ground) {
      await ground.kubectl(["scale", "--replicas=1", ...provisioner]);
    },
  },
  {
    name: "cordons the node, and its pod ends",
    async does(ground, store) {
      await ground.kubectl(["cordon", node]);
      await deletePods(ground, store);
    },
    async undo(ground) {
      await ground.kubectl(["uncordon", node]);
    },
  },
  {
    name: "fills the disk",
    does: (ground) => ground.fillDisk(),
    async undo(ground) {
      await ground.freeDisk();
      // The kubelet measures its disks about once a minute.
      await until("the room shows", async () => {
        const { printed } = await ground.ops("preflight");
        // A preflight that could not look at the disk says so, or doesn't end with its count.
        const looked = / passed, /.test(printed) && !/^ {2}- .*\[local-path-space\]/m.test(printed);
        return looked && !/ (is|are) full: /.test(printed);
      });
    },
  },
];
