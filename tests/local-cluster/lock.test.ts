import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { withLock } from "../../local-cluster/lock.mjs";

const subject = `lock test ${process.pid} ${tmpdir()}`;

/** Another process that takes the lock and keeps it. */
async function holder(): Promise<ReturnType<typeof spawn>> {
  const script =
    `import(${JSON.stringify(path.resolve("local-cluster/lock.mjs"))}).then(({ withLock }) => ` +
    `withLock(${JSON.stringify(subject)}, () => { console.log("held"); return new Promise((end) => ` +
    "setTimeout(end, 60000)); }))";
  const child = spawn(process.execPath, ["--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout!, "data");
  return child;
}

describe("the lock", () => {
  it("lets one caller in after the other", async () => {
    const order: string[] = [];
    const work = (name: string) =>
      withLock(subject, async () => {
        order.push(`${name} in`);
        await new Promise((later) => setTimeout(later, 10));
        order.push(`${name} out`);
        return name;
      });
    assert.deepEqual((await Promise.all([work("a"), work("b"), work("c")])).sort(), ["a", "b", "c"]);
    assert.equal(order.length, 6);
    for (let index = 0; index < 6; index += 2) assert.equal(order[index]!.replace("in", "out"), order[index + 1]);
  });

  it("is free again after a failure", async () => {
    await assert.rejects(
      withLock(subject, () => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.equal(await withLock(subject, async () => 1), 1);
  });

  it("says which process it waits for, and is not kept by a killed one", async () => {
    const child = await holder();
    let waitedFor: number | undefined;
    await withLock(
      subject,
      async () => undefined,
      (pid) => {
        waitedFor = pid;
        child.kill("SIGKILL");
      },
    );
    assert.equal(waitedFor, child.pid);
  });

  it("of another subject is another", async () => {
    await withLock(subject, () => withLock(`${subject} 2`, async () => undefined));
  });
});
