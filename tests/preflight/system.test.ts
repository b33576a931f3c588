import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseProbe } from "../../preflight/probe/parse";
import { host, probeScript } from "../../preflight/probe/script";
import { exceptsLonghorn, labelType, mayWrite } from "../../preflight/system";

describe("multipathd's settings", () => {
  const device = (vendor: string, product: string) =>
    `  device {\n    vendor "${vendor}"\n    product "${product}"\n  }\n`;
  const blacklist = (inside: string) => `blacklist {\n${inside}\n}\n`;
  const cases: [string, string, boolean][] = [
    ["nothing", "", false],
    ["the usual ones", "defaults {\n  user_friendly_names yes\n}\n", false],
    ["Longhorn's disks", blacklist(device("IET", "VIRTUAL-DISK")), true],
    ["the same in a comment", blacklist("#" + device("IET", "VIRTUAL-DISK").replaceAll("\n", "\n#")), false],
    ["the same switched off by a word", blacklist('  ! vendor "IET"\n'), false],
    ["every device of the vendor", blacklist('  device {\n    vendor "^IET"\n  }'), true],
    ["another vendor", blacklist(device("QEMU", ".*")), false],
    ["any vendor and product", blacklist(device(".*", ".*")), true],
    ["every SCSI disk by name, as Longhorn's page has it", blacklist('    devnode "^sd[a-z0-9]+"'), true],
    ["one disk by name", blacklist('  devnode "^sda$"'), false],
    ["names by their opposite", blacklist('  devnode "!^(sd[a-z]|dasd[a-z]|nvme[0-9])"'), false],
    ["two lists, the second with it", blacklist('  devnode "^hd"') + blacklist(device("IET", "VIRTUAL-DISK")), true],
    ["no regular expression", blacklist('  devnode "^sd["'), false],
    [
      "an exception from the exception",
      blacklist('  devnode "^sd"') + `blacklist_exceptions {\n${device("IET", "VIRTUAL-DISK")}}\n`,
      false,
    ],
    ["the device in another section", `devices {\n${device("IET", "VIRTUAL-DISK")}}\n`, false],
  ];
  for (const [title, text, excepts] of cases)
    it(`${excepts ? "except" : "don't except"} Longhorn's disks: ${title}`, () =>
      assert.equal(exceptsLonghorn(text), excepts));
});

describe("SELinux", () => {
  const seen = (enforcing: boolean, domain: string | undefined, label?: string) => ({
    selinux: {
      enforcing,
      ...(domain && { domain }),
      labels: label ? { "/data": label } : ({} as Record<string, string>),
    },
  });

  it("lets containers write where it isn't enforced, where the label is theirs, and where they aren't confined", () => {
    assert.equal(mayWrite(seen(false, "container_t", "var_t"), "/data"), true);
    assert.equal(mayWrite(seen(true, "container_t", "container_file_t"), "/data"), true);
    assert.equal(mayWrite(seen(true, undefined, "svirt_sandbox_file_t"), "/data"), true);
    assert.equal(mayWrite(seen(true, "spc_t", "var_t"), "/data"), true);
    assert.equal(mayWrite(seen(true, "container_t", "var_t"), "/data"), false);
    assert.equal(mayWrite(seen(true, undefined, "var_t"), "/data"), false);
    assert.equal(mayWrite(seen(true, "container_t"), "/data"), undefined);
  });

  it("has labels of a known form", () => {
    assert.equal(labelType("system_u:object_r:container_file_t:s0:c1,c2"), "container_file_t");
    assert.equal(labelType("cri-containerd.apparmor.d (enforce)"), undefined);
    assert.equal(labelType("unconfined"), undefined);
    assert.equal(labelType("?"), undefined);
  });
});

describe("a probe pod's look at the node's system", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "host-"))));
  afterEach(() => rmSync(root, { recursive: true }));

  const put = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode });
  };
  const look = (path = process.env.PATH) => {
    const script = probeScript({ paths: ["/data"] }).replaceAll(host, root);
    return parseProbe(execFileSync("sh", ["-c", script], { encoding: "utf8", env: { PATH: path } }))?.system;
  };

  it("finds multipathd, whether it runs, and whether a file of its settings excepts Longhorn's disks", () => {
    put("usr/sbin/other", "", 0o755);
    assert.equal(look()?.multipathd, undefined);
    put("usr/sbin/multipathd", "", 0o755);
    assert.deepEqual(look()?.multipathd, { runs: false, excepted: false });
    put("run/multipathd.pid", "12");
    assert.deepEqual(look()?.multipathd, { runs: true, excepted: false });
    put("etc/multipath.conf", '## groups\nblacklist {\n  devnode "^hd"\n}');
    put("etc/multipath/conf.d/a.conf", 'blacklist {\n  devnode "^sd"\n}');
    assert.deepEqual(look()?.multipathd, { runs: true, excepted: true });
  });

  it("takes multipathd to run where it starts with the node", () => {
    put("usr/sbin/multipathd", "", 0o755);
    const wants = join(root, "etc/systemd/system/multi-user.target.wants");
    mkdirSync(wants, { recursive: true });
    symlinkSync("/lib/systemd/system/multipathd.service", join(wants, "multipathd.service"));
    assert.deepEqual(look()?.multipathd, { runs: true, excepted: false });
  });

  it("reads SELinux' mode and labels, by whatever the image has to read them with", () => {
    mkdirSync(join(root, "data"));
    put("sys/fs/selinux/enforce", "1");
    const tools = join(root, "tools");
    const path = `${tools}:${process.env.PATH}`;
    put("tools/getfattr", "#!/bin/sh\nexit 1\n", 0o755);
    put("tools/ls", `#!/bin/sh\n[ "$1" = -Zd ] && echo "? $2" && exit\nexec /bin/ls "$@"\n`, 0o755);
    assert.deepEqual([look(path)?.selinux.enforcing, look(path)?.selinux.labels], [true, {}]);
    put("tools/ls", `#!/bin/sh\n[ "$1" = -Zd ] && echo "u:object_r:var_t:s0 $2" && exit\nexec /bin/ls "$@"\n`, 0o755);
    assert.deepEqual(look(path)?.selinux.labels, { "/data": "var_t" });
    put("tools/getfattr", `#!/bin/sh\necho '# file: data'\necho 'security.selinux="u:object_r:usr_t:s0"'\n`, 0o755);
    assert.deepEqual(look(path)?.selinux.labels, { "/data": "usr_t" });
    put("sys/fs/selinux/enforce", "0");
    assert.equal(look(path)?.selinux.enforcing, false);
  });

  it("takes SELinux to be enforced where it hides its mode from a confined pod", () => {
    const selinux = (lines: string) =>
      parseProbe(`## mounts\n## selinux\n${lines}\n## end\n`)?.system?.selinux ?? assert.fail();
    assert.deepEqual(selinux("enforce \ndomain system_u:system_r:container_t:s0:c1,c2\0"), {
      enforcing: true,
      domain: "container_t",
      labels: {},
    });
    assert.equal(selinux("enforce \ndomain cri-containerd.apparmor.d (enforce)").enforcing, false);
  });
});
