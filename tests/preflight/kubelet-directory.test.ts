import assert from "node:assert/strict";
import { parseProbe } from "../../preflight/probe/parse";

describe("the kubelet's directory", () => {
  const kubelet = (...mounts: string[]) => parseProbe(`## mounts\n${mounts.join("\n")}\n## end\n`)?.kubelet;
  const hosts = (device: string, file: string) => `9 1 ${device} ${file} /etc/hosts rw - ext4 /dev/sda1 rw`;
  const mount = (device: string, root: string, point: string) => `2 1 ${device} ${root} ${point} ro - ext4 /dev/x rw`;

  it("is where the pod's own /etc/hosts lies on the node", () => {
    const root = mount("8:1", "/", "/host");
    assert.deepEqual(kubelet(root, hosts("8:1", "/var/lib/k0s/kubelet/pods/1-2/etc-hosts")), ["/var/lib/k0s/kubelet"]);
    assert.deepEqual(kubelet(root, mount("8:2", "/", "/host/var"), hosts("8:2", "/lib/kubelet/pods/1-2/etc-hosts")), [
      "/var/lib/kubelet",
    ]);
    // A subvolume of btrfs.
    assert.deepEqual(kubelet(mount("0:30", "/@", "/host"), hosts("0:30", "/@/var/lib/kubelet/pods/1/etc-hosts")), [
      "/var/lib/kubelet",
    ]);
    // A file system of its own.
    assert.deepEqual(kubelet(root, mount("8:3", "/", "/host/srv/kubelet"), hosts("8:3", "/pods/1/etc-hosts")), [
      "/srv/kubelet",
    ]);
  });

  it("has several paths where it is mounted in several places, first that of its own mount", () => {
    assert.deepEqual(
      kubelet(
        mount("8:1", "/", "/host"),
        mount("8:1", "/data/kubelet", "/host/var/lib/kubelet"),
        mount("8:1", "/data/other", "/host/mnt"),
        hosts("8:1", "/data/kubelet/pods/1/etc-hosts"),
      ),
      ["/var/lib/kubelet", "/data/kubelet"],
    );
  });

  it("isn't known where no mount of the node has the file", () => {
    assert.equal(kubelet(mount("8:1", "/", "/host"), hosts("8:9", "/var/lib/kubelet/pods/1/etc-hosts")), undefined);
    assert.equal(kubelet(mount("8:1", "/", "/host"), hosts("8:1", "/etc/hosts")), undefined);
    assert.equal(kubelet(mount("8:1", "/", "/host")), undefined);
  });
});
