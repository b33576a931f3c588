import assert from "node:assert/strict";
import { listCustomObjects } from "../../kube/custom-objects";
import { fakeApi } from "../preflight/gather-fixtures";

const group = { "/apis/example.com": { preferredVersion: { version: "v2" } } };
const definitions = ["disks.example.com", "pools.example.com", "disks.other.example.com"];
const disks = { "/apis/example.com/v2/disks": { items: [{ metadata: { name: "a", namespace: "n" } }] } };
const pools = { "/apis/example.com/v2/pools": { items: [{ metadata: { name: "p" } }] } };

describe("the objects of a group's definitions", () => {
  const read = (answers: Record<string, unknown>, of: string[] | undefined = definitions) =>
    listCustomObjects(fakeApi(answers).api, ["example.com"], of);

  it("are those of all its kinds, in all namespaces", async () => {
    assert.deepEqual(await read({ ...group, ...disks, ...pools }), [
      { definition: "disks.example.com", namespace: "n", name: "a" },
      { definition: "pools.example.com", namespace: "", name: "p" },
    ]);
  });

  it("are none where the cluster has no such definition, and nothing is asked for them", async () => {
    const { api, asked } = fakeApi({});
    assert.deepEqual([await listCustomObjects(api, ["example.com"], ["x.other"]), asked], [[], []]);
  });

  it("aren't known where one kind, the group or the definitions can't be read", async () => {
    assert.equal(await read({ ...group, ...disks }), undefined);
    assert.equal(await read({ ...disks, ...pools }), undefined);
    assert.equal(await listCustomObjects(fakeApi(group).api, ["example.com"], undefined), undefined);
  });
});
