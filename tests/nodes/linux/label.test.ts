import assert from "node:assert/strict";
import type { Job } from "../../../nodes/linux/shell";
import { linuxSteps } from "../../../nodes/linux/steps";
import { schema } from "../../../nodes/linux/config";
import { Ground } from "./shell";

const jobOf = (settings: object): Job => {
  const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBt0yD1s";
  return linuxSteps(schema.parse({ type: "linux", hostKey, ...settings }))[0]!.job;
};

describe("an SELinux label on a node", () => {
  let ground: Ground;
  beforeEach(() => {
    ground = new Ground(["/sys/", "/srv"]);
    ground.file("srv/data.1/x", "");
  });
  afterEach(() => ground.remove());

  const job = jobOf({ selinux: ["/srv/data.1"] });
  const enforced = () => {
    ground.file("sys/fs/selinux/enforce", "1");
    ground.program("stat", `[ -e ${ground.root}/labelled ] && echo u:r:container_file_t:s0 || echo u:r:var_t:s0`);
    ground.program("matchpathcon", `[ -e ${ground.root}/rule ] && echo u:r:container_file_t:s0 || echo u:r:var_t:s0`);
    ground.program("semanage", `touch ${ground.root}/rule`);
    ground.program("restorecon", `touch ${ground.root}/labelled`);
  };

  it("is nothing where SELinux isn't enforced", () =>
    assert.deepEqual(ground.look(job), {
      state: "done",
      words: "SELinux is not enforced on the node, so /srv/data.1 needs no label",
    }));

  it("is a rule and a label, made once", () => {
    enforced();
    assert.deepEqual(ground.look(job), {
      state: "missing",
      words: "/srv/data.1 has the label var_t, which containers may not write to",
    });
    assert.deepEqual(ground.make(job), { status: 0, said: "/srv/data.1 has the label container_file_t" });
    assert.deepEqual(ground.calls("semanage", "restorecon"), [
      `semanage fcontext -a -t container_file_t ${ground.root}/srv/data\\.1(/.*)?`,
      `restorecon -R ${ground.root}/srv/data.1`,
    ]);
    ground.make(job);
    assert.equal(ground.calls("semanage", "restorecon").length, 2);
  });

  it("without a rule would go with the next relabelling", () => {
    enforced();
    ground.file("labelled", "");
    assert.deepEqual(ground.look(job), {
      state: "missing",
      words: "no rule keeps the label of /srv/data.1: the next relabelling would make it var_t",
    });
  });

  it("that SELinux didn't take is said", () => {
    enforced();
    ground.program("restorecon", "exit 0");
    assert.deepEqual(ground.make(job), {
      status: 1,
      said: "it was made and is not in effect: /srv/data.1 has the label var_t, which containers may not write to",
    });
  });

  it("can't be made without semanage", () => {
    ground.file("sys/fs/selinux/enforce", "1");
    ground.program("stat", "echo u:r:var_t:s0");
    assert.deepEqual(ground.make(job), {
      status: 1,
      said: "the node has no semanage; add semanage-utils to the node's packages",
    });
  });
});
