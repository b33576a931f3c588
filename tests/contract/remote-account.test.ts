import assert from "node:assert/strict";
import { NodeAway, type NodeAccess } from "../../model/node-preparation";
import { node as linux } from "../../nodes/linux/node";
import type { LinuxConfig } from "../../nodes/linux/config";
import { addAccount } from "../ssh-node/account";
import { useSshNode } from "./remote-ground";
import { failureOf, useStack } from "./stack";

describe("a step on a Linux node by an account that isn't root", () => {
  const stack = useStack();
  const ground = useSshNode();
  const user = "ops";

  const access = (): NodeAccess => ({
    talos: {},
    ssh: { user, port: 22, privateKeyFile: ground().node.keyFile, agent: false },
  });
  const settings = (): LinuxConfig => {
    const directories = { "/srv/volumes": { mode: "0750", owner: "1000:1000" } };
    return linux.schema.parse({ type: "linux", hostKey: ground().node.hostKey, directories }) as LinuxConfig;
  };
  const look = () => linux.ask({ name: "a", address: ground().node.address, access: access() }, settings());
  const program = () => {
    const [step] = linux.steps(settings(), access());
    if (!step || step.run === "local") throw new Error("a step over SSH");
    return ground().one({ create: step.run.remote, stdin: step.run.script }, { user });
  };

  it("fails where it may not use sudo, which a look says before", async () => {
    await addAccount(ground().node, user);
    await assert.rejects(look(), (error: unknown) => {
      assert(error instanceof NodeAway);
      assert.equal(
        error.message,
        'its account may not use sudo without a password ("sudo: a password is required"); allow it, or set ' +
          "nodeAccess.ssh.user: root",
      );
      return true;
    });
    assert.match(await failureOf(stack().up(program())), /sudo: a password is required/);
    await ground().node.run(["test", "!", "-e", "/srv/volumes"]);
  });

  it("is done where it may run /bin/sh, and a look says so", async () => {
    await addAccount(ground().node, user, "ops ALL=(root) NOPASSWD: /bin/sh");
    assert.match(JSON.stringify(await look()), /"state":"anew","words":"\/srv\/volumes is not there"/);
    await stack().up(program());
    assert.equal(await ground().node.run(["stat", "-c", "%a %u:%g", "/srv/volumes"]), "750 1000:1000");
    assert.match(JSON.stringify(await look()), /"state":"done","words":"the directory \/srv\/volumes is there"/);
  });
});
