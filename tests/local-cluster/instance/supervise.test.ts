import assert from "node:assert/strict";
import { components } from "../../../local-cluster/instance/components";
import { layoutOf, type Layout } from "../../../local-cluster/instance/layout";
import { findComponent, isStarted } from "../../../local-cluster/instance/supervise";

const first = layoutOf("unit", 2);
const second: Layout = { ...first, config: "/elsewhere" };
const init = { pid: 100, startTime: "1", parent: 1, command: ["sh"] };
const named = (layout: Layout, name: string) =>
  components(layout, { tools: "/tools", durable: true }).find((component) => component.name === name)!;
const process = (pid: number, parent: number, command: string[]) => ({ pid, startTime: "1", parent, command });

describe("a component's process", () => {
  const kubelet = named(first, "kubelet");
  const find = (...all: ReturnType<typeof process>[]) => findComponent({ init }, kubelet, all)?.pid;

  it(
    "is the program that the instance's process 1 adopted, whatever the binary's directory and its other " +
      "arguments were",
    () => {
      const earlier = [
        "/before/kubelet",
        ...kubelet.command.slice(1).filter((argument) => !argument.startsWith("--node-ip")),
        "--old",
      ];
      assert.equal(find(process(3, init.pid, earlier)), 3);
      assert.equal(
        find(process(3, 99, kubelet.command), process(4, init.pid, ["/tools/kubectl", ...kubelet.command.slice(1)])),
        undefined,
      );
    },
  );

  it("is not another node's, which has a configuration of its own", () => {
    const others = ["kubelet", "containerd"].map((name, i) => process(10 + i, init.pid, named(second, name).command));
    assert.equal(find(...others), undefined);
    assert.equal(find(...others, process(5, init.pid, kubelet.command)), 5);
    assert.equal(findComponent({ init }, named(second, "containerd"), others)?.pid, 11);
  });

  it("is the egress's by its script, for its program is this one's", () => {
    const egress = named(first, "egress");
    const node = egress.command[0]!;
    assert.equal(findComponent({ init }, egress, [process(6, init.pid, [node, "/other.mjs"])]), undefined);
    assert.equal(
      findComponent({ init }, egress, [
        process(6, init.pid, [node, "/other.mjs"]),
        process(7, init.pid, egress.command),
      ])?.pid,
      7,
    );
  });

  it("is started where what starts it hasn't given its place to it yet", () => {
    const etcd = named(first, "etcd");
    const starting = process(8, 99, ["setsid", "--fork", ...etcd.command]);
    assert.ok(isStarted({ init }, etcd, [starting]));
    assert.ok(isStarted({ init }, etcd, [process(9, init.pid, etcd.command)]));
    assert.ok(!isStarted({ init }, kubelet, [starting, process(9, init.pid, etcd.command)]));
  });
});
