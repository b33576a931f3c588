import assert from "node:assert/strict";
import { lookFault } from "../../../nodes/linux/node";

describe("a node that lets the account in, and can't be looked at", () => {
  for (const said of [
    "sudo: a password is required",
    "ops is not in the sudoers file.",
    "Sorry, user ops is not allowed to execute '/bin/sh -s -- a look' as root on node-a.",
    "sh: 1: sudo: not found",
  ])
    it(`says that it may not use sudo: ${said}`, () =>
      assert.equal(
        lookFault({
          stdout: "",
          stderr: `sudo: unable to resolve host node-a: Name or service not known\n${said}\nThis has been reported.\n`,
        }),
        `its account may not use sudo without a password ("${said}"); allow it, or set nodeAccess.ssh.user: root`,
      ));

  it("says that the account is not root, and else the last words", () => {
    assert.equal(
      lookFault({ stdout: "root\t1000\n", stderr: "" }),
      "its account is not root there; set nodeAccess.ssh.user",
    );
    assert.equal(
      lookFault({ stdout: "", stderr: "sudo: unable to resolve host a\nsh: cannot fork\n" }),
      "it answers over SSH and can't be looked at: sh: cannot fork",
    );
  });
});
