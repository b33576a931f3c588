import assert from "node:assert/strict";
import { execa } from "execa";
import { secret } from "@pulumi/pulumi";
import { signal } from "../../local-cluster/instance/processes";
import { until } from "./cluster";
import { ownProcesses, useSshNode } from "./remote-ground";
import { failureOf, useStack } from "./stack";

const log = (what: string) => `echo ${what} >> /tmp/log; echo out-${what}`;

describe("remote commands", () => {
  const stack = useStack();
  const ground = useSshNode();
  const logged = () => ground().logged();
  const clean = () => stack().up(() => undefined);

  it("run in a preview never, in an update once", async () => {
    const program = ground().one({ create: log("create"), triggers: ["1"] });
    await stack().preview(program);
    assert.deepEqual(await logged(), []);
    const { outputs } = await stack().up(program);
    assert.deepEqual([outputs.out.value, await logged()], ["out-create", ["create"]]);
  });

  it("do not run again for the same lines", async () => {
    const { steps } = await stack().up(ground().one({ create: log("create"), triggers: ["1"] }));
    assert.deepEqual([steps.one, await logged()], ["same", []]);
  });

  it("run create again for other lines, where there is no update", async () => {
    const { steps } = await stack().up(ground().one({ create: log("other"), triggers: ["1"] }));
    assert.deepEqual([steps.one, await logged()], ["update", ["other"]]);
  });

  it("run update where there is one", async () => {
    const { steps } = await stack().up(ground().one({ create: log("other"), update: log("update"), triggers: ["1"] }));
    assert.deepEqual([steps.one, await logged()], ["update", ["update"]]);
  });

  it("run again for another connection", async () => {
    const args = { create: log("other"), update: log("update"), triggers: ["1"] };
    const { steps } = await stack().up(ground().one(args, { perDialTimeout: 6 }));
    assert.deepEqual([steps.one, await logged()], ["update", ["update"]]);
  });

  it("are replaced by a trigger", async () => {
    const { steps } = await stack().up(ground().one({ create: log("other"), triggers: ["2"] }, { perDialTimeout: 6 }));
    assert.deepEqual([steps.one, await logged()], ["replace", ["other"]]);
  });

  it("do nothing at the end without a delete command, nor connect", async () => {
    await ground().node.stopSshd();
    try {
      assert.equal((await clean()).steps.one, "delete");
    } finally {
      await ground().node.startSshd();
    }
    assert.deepEqual(await logged(), []);
  });

  it("run delete at the end where there is one", async () => {
    await stack().up(ground().one({ create: log("create"), delete: log("delete") }));
    await clean();
    assert.deepEqual(await logged(), ["create", "delete"]);
  });

  it("read stdin, to its end", async () => {
    const { outputs } = await stack().up(ground().one({ create: "sh -s", stdin: "echo from stdin\necho err >&2\n" }));
    assert.equal(outputs.out.value, "from stdin");
    const empty = await stack().up(ground().one({ create: "cat; echo ended" }));
    assert.equal(empty.outputs.out.value, "ended");
  });

  it("get the variables that the server accepts, and fail for others", async () => {
    const show = 'echo "$LC_ALL"';
    const { outputs } = await stack().up(ground().one({ create: show, environment: { LC_ALL: "C" } }));
    assert.equal(outputs.out.value, "C");
    const text = await failureOf(stack().up(ground().one({ create: show, environment: { OTHER: "x" } })));
    assert.match(text, /could not set environment variable "OTHER": ssh: setenv failed/);
  });

  it("fail with their exit status and all that they said, and run again in the next update", async () => {
    await clean();
    const text = await failureOf(stack().up(ground().one({ create: 'echo "spoken"\necho err >&2; exit 3' })));
    assert.match(text, /Process exited with status 3: running "echo \\"spoken\\"\\necho err >&2; exit 3":/);
    assert.match(text, /^ *spoken$/m);
    assert.match(text, /^ *err$/m);
    const { steps } = await stack().up(ground().one({ create: log("again") }));
    assert.deepEqual([steps.one, await logged()], ["create", ["again"]]);
  });

  it("that fail in an update leave the old inputs in the state, so that the next update runs them", async () => {
    await failureOf(stack().up(ground().one({ create: "exit 1" })));
    const { steps } = await stack().up(ground().one({ create: log("mended") }));
    assert.deepEqual([steps.one, await logged()], ["update", ["mended"]]);
  });

  it("are not ended when the update is cancelled: they go on to their end, and the state has it", async () => {
    const program = ground().one({ create: `${log("begun")}; sleep 4; ${log("ended")}` });
    const update = failureOf(stack().up(program));
    await until("the command runs", async () => (await logged()).includes("begun"));
    for (const cli of ownProcesses(/\bpulumi\S* (up|update)\b/)) signal(cli, "SIGINT");
    await update;
    assert.deepEqual(await logged(), ["begun", "ended"]);
    assert.equal((await stack().up(program)).steps.one, "same");
  });

  it("whose session is killed fail, and what they had started goes on", async () => {
    const update = failureOf(stack().up(ground().one({ create: `${log("begun")}; sleep 2; ${log("ended")}` })));
    await until("the command runs", async () => (await logged()).includes("begun"));
    for (const session of ground().node.processes("sshd: root@")) signal(session, "SIGKILL");
    assert.match(await update, /remote command exited without exit status or exit signal/);
    await until("the command's end", async () => (await logged()).includes("ended"));
  });

  it("whose plugin is killed go on, and run again in the next update", async () => {
    const program = ground().one({ create: `${log("begun")}; sleep 2; ${log("ended")} || :` });
    const update = failureOf(stack().up(program));
    await until("the command runs", async () => (await logged()).includes("begun"));
    for (const one of ownProcesses(/pulumi-resource-command|launch\.cjs command/)) signal(one, "SIGKILL");
    await update;
    await until("the command's end", async () => (await logged()).includes("ended"));
    await stack().up(program);
    assert.deepEqual(await logged(), ["begun", "ended", "begun", "ended"]);
  });

  it("show the lines that logging asks for, and no other", async () => {
    const lines = { create: "echo to-stdout; echo to-stderr >&2" };
    assert.match(await shown(lines.create, "stdoutAndStderr"), /to-stdout[^]*to-stderr|to-stderr[^]*to-stdout/);
    assert.doesNotMatch(await shown(`${lines.create}; :`, "none"), /^.*: to-(stdout|stderr)/m);
  });

  const shown = async (create: string, logging: "none" | "stdoutAndStderr"): Promise<string> => {
    const said: string[] = [];
    await stack().up(ground().one({ create, logging }), (event) => {
      if (event.diagnosticEvent) said.push(event.diagnosticEvent.message);
    });
    return said.join("\n");
  };

  it("keep keys, hosts and secret input out of the state, and out of their arguments", async () => {
    const hidden = "hidden-in-stdin-4711";
    const program = ground().one({ create: "cat > /dev/null; sleep 1; ps axww", stdin: secret(hidden) });
    const { outputs } = await stack().up(program);
    const state = await stack().stateText();
    const { privateKey, host } = ground().connection();
    for (const text of [hidden, privateKey!.split("\n")[2]!, host]) assert.equal(state.includes(text), false, text);
    const { stdout } = await execa("ps", ["axww"]);
    for (const list of [stdout, String(outputs.out.value)]) assert.equal(list.includes(hidden), false);
  });
});
