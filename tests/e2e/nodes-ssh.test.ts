import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { signal } from "../../local-cluster/instance/processes";
import { ifFound } from "../../kube/client";
import { recoverStack } from "../../ops/recover/run";
import { shownIn } from "../secrets/marked";
import { disksOf, type Disks } from "../ssh-node/disks";
import { startSshNode, type SshNode } from "../ssh-node/node";
import { stackError } from "./cli";
import { instance, useCluster } from "./fixture";
import { killHard } from "./kill";
import { PreparedStack } from "./prepared-stack";
import { disk, keyTextOf, offerPackage, slowMkfs, treeOf, whole } from "./ssh-ground";
import { removeStack, until } from "./state";

describe("a Linux node, prepared by pulumi up over SSH", () => {
  const cluster = useCluster();
  const printed: string[] = [];
  let node: SshNode;
  let disks: Disks;
  let stack: PreparedStack;

  before("a machine with an sshd, and disks", async function () {
    this.timeout(600_000);
    await removeStack(cluster());
    node = await startSshNode(instance);
    disks = await disksOf(node);
    for (const name of ["data", "group", "more", "third", "used"]) await disks.add(name, 48);
    await disks.fill("used", 20 * 2 ** 20, "somebody's data");
    await offerPackage(node);
    stack = await PreparedStack.make(cluster(), [], {});
  });
  after(async function () {
    this.timeout(300_000);
    await stack?.remove();
    await node?.remove();
    await disks?.remove();
    await removeStack(cluster());
  });

  const sections = (wanted: object, hostKey = node.hostKey) => ({
    "cluster-storage:nodes": { local: { type: "linux", hostKey, ...wanted } },
    "cluster-storage:nodeAccess": { ssh: { privateKeyFile: node.keyFile } },
  });
  const pulumi = async (wanted: Record<string, object>, ...args: string[]) => {
    const ended = await stack.run(wanted, ...args);
    printed.push(ended.printed);
    return ended;
  };
  const up = (wanted: object, hostKey?: string) => pulumi(sections(wanted, hostKey), "up", "--yes", "--skip-preview");
  const theClass = () => {
    const named = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "local-path" } };
    return ifFound(cluster().kube.objects.read(named));
  };
  /** Asserts that an update is refused for one fault, and that the node hasn't changed. */
  const refused = async (wanted: object, path: string, message: string, hostKey?: string): Promise<void> => {
    const before = await treeOf(node);
    const { exitCode, printed: text } = await up(wanted, hostKey);
    assert.equal(exitCode, 1, text);
    const head = 'the config of stack "prepared" has 1 fault, so nothing was changed:\n  cluster-storage:nodes.local';
    assert.equal(stackError(text), `${head}${path}: ${message}`);
    assert.equal(await treeOf(node), before);
  };
  const done = async (wanted: object): Promise<string> => {
    const { exitCode, printed: text } = await up(wanted);
    assert.equal(exitCode, 0, text);
    return text;
  };
  const mounts = () => node.run(["cat", "/proc/self/mounts"]);

  it("stops the update before any storage where no sshd answers, and is a warning in a preview", async () => {
    await node.stopSshd();
    const where = `${node.address}:22`;
    const why = `${where} can't be reached over SSH: no SSH server listens there, and the update needs this node`;
    await refused(whole, "", why);
    const { exitCode, printed: text } = await pulumi(sections(whole), "preview");
    assert.equal(exitCode, 0, text);
    assert(text.includes(`warning: cluster-storage:nodes.local: ${why}`), text);
    assert.equal(await theClass(), undefined);
  });

  it("is not believed with another host key", async () => {
    await node.startSshd();
    const other = (await readFile(`${node.keyFile}.pub`, "utf8")).trim();
    const why =
      `${node.address}:22 shows another host key than the config's hostKey. Either the node was installed anew, or ` +
      "somebody else answers there; compare it on the node itself: cat /etc/ssh/ssh_host_ed25519_key.pub, and the " +
      "update needs this node";
    await refused(whole, "", why, other);
  });

  it("keeps a disk that has something on it, byte by byte", async () => {
    const before = await disks.hash("used");
    const why = "is not empty: it has bytes other than zero.";
    const rest = "or make the file system by hand, once you know that nothing on it is needed: mkfs.ext4";
    const used = { mounts: { "/mnt/used": { device: disk("used") } } };
    await refused(
      used,
      ".mounts./mnt/used",
      `the mount /mnt/used of local: ${disk("used")} ${why} No file system was made on it. ` +
        `Name a device that holds nothing; ${rest} ${disk("used")}`,
    );
    assert.equal(await disks.hash("used"), before);
    assert.equal(await theClass(), undefined);
  });

  it("gets what the config says, each once, before the storage", async () => {
    const text = await done(whole);
    const steps = ["package kept-tool", "volume group vg0", "mount /mnt/data", "directory /mnt/data/local-path"];
    for (const [i, words] of steps.entries()) assert(text.includes(`the ${words} is ready. Step ${i + 1} of 4.`), text);
    assert.match(await mounts(), /^\/dev\/loop\d+ \/mnt\/data ext4 rw,/m);
    assert.equal((await node.run(["stat", "-c", "%a", "/mnt/data/local-path"])).trim(), "750");
    assert.match(await node.run(["vgs", "--noheadings", "-o", "vg_name,pv_count"]), /^ *vg0 +1 *$/);
    assert.equal((await node.run(["dpkg-query", "-W", "-f", "${Status}", "kept-tool"])).trim(), "install ok installed");
    assert(await theClass());
  });

  it("is left alone by the next update", async () => {
    const before = await treeOf(node);
    assert.match(await done(whole), /Resources:\n {4}\d+ unchanged\n/);
    assert.equal(await treeOf(node), before);
  });

  it("gets again what somebody took away, which the preview says", async () => {
    await node.run(["umount", "/mnt/data"]);
    await node.run(["dpkg", "--purge", "kept-tool"]);
    const { printed: text } = await pulumi(sections(whole), "preview");
    const what = `the mount /mnt/data; ${disk("data")} has a file system (ext4), and is not mounted at /mnt/data.`;
    assert(text.includes(`local: the update makes ${what}`), text);
    assert(
      text.includes("local: the update makes the package kept-tool; the package kept-tool is not installed."),
      text,
    );
    await done(whole);
    assert.match(await mounts(), / \/mnt\/data ext4 /);
    assert.equal((await node.run(["stat", "-c", "%a", "/mnt/data/local-path"])).trim(), "750");
  });

  it("goes on after pulumi was killed in the middle of a step, whose command shows no key", async () => {
    const more = { ...whole, mounts: { ...whole.mounts, "/mnt/more": { device: disk("more") } } };
    const slow = await slowMkfs(node);
    const running = stack.start(sections(more), "up", "--yes", "--skip-preview");
    await slow.begun(running);
    const { stdout: here } = await execa("ps", ["axwwe"]);
    const there = await node.run(["ps", "axwwe"]);
    killHard(running.pid!, true);
    await running;
    assert.match(here, /pulumi up --yes/);
    assert.match(there, /mkfs\.ext4 -q/);
    assert.deepEqual(shownIn([here, there], [await keyTextOf(node)]), []);
    await slow.release();
    const said: string[] = [];
    await recoverStack(stack.stack, cluster().target.connect, { say: (line) => said.push(line) });
    printed.push(...said);
    const dropped = "leaves nothing behind outside the state; the next update makes it: pending operation dropped";
    assert.equal(said.at(-1), `Command local-mount-mnt-more ${dropped}`);
    await done(more);
    assert.match(await mounts(), / \/mnt\/more ext4 /);
  });

  it("goes on after its session was killed in the middle of a step, with all that ran in it", async () => {
    const third = { ...whole, mounts: { ...whole.mounts, "/mnt/third": { device: disk("third") } } };
    const slow = await slowMkfs(node);
    const running = stack.start(sections(third), "up", "--yes", "--skip-preview");
    await slow.begun(running);
    for (const text of ["sshd: root", "mkfs.ext4", "sh -s"])
      for (const one of node.processes(text)) signal(one, "SIGKILL");
    const { exitCode, all: text } = await running;
    printed.push(text);
    assert.equal(exitCode, 1, text);
    await slow.release();
    await until("the sshd takes connections", async () => node.processes("[listener]").length > 0);
    await done(third);
    assert.match(await mounts(), / \/mnt\/third ext4 /);
  });

  it("keeps everything when a line is taken out and when the stack goes, which is said", async () => {
    const before = await treeOf(node);
    const { mounts: _, directories: __, ...less } = whole;
    assert((await done(less)).includes("the mount /mnt/data with its files stays on local."));
    assert.equal(await treeOf(node), before);
    const { exitCode, printed: text } = await pulumi(sections(less), "destroy", "--yes", "--skip-preview");
    assert.equal(exitCode, 0, text);
    assert.equal(await treeOf(node), before);
  });

  it("shows the private key nowhere", async () => {
    assert.deepEqual(shownIn([printed, await stack.state()], [await keyTextOf(node)]), []);
  });
});
