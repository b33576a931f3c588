import assert from "node:assert/strict";
import { pointToFill, renamedHint } from "../../model/fill";
import { listedPoint } from "../ops/listed-point";

const owner = "project/dev/redis";
const at = (day: number) => `2026-03-0${day}T02:00:00Z`;
const [first, second, third] = [
  listedPoint({ id: "aaaaaaaa", at: at(1), generation: "1+1" }),
  listedPoint({ id: "bbbbbbbb", at: at(2), generation: "1+1" }),
  listedPoint({ id: "cccccccc", at: at(3), generation: "2+1" }),
];
const foreign = listedPoint({ id: "dddddddd", at: at(4), stack: "project/prod" });
const all = [first, second, third, foreign];
const id = (...args: Parameters<typeof pointToFill>) => pointToFill(...args)?.id.slice(0, 8);
const restored = (point: string, generation: number, of?: string) => ({
  restored: { point, generation, ...(of !== undefined && { of }) },
});

describe("the point that fills a service's new volumes", () => {
  it("is the newest of its own", () => {
    assert.equal(id(all, owner), "cccccccc");
    assert.equal(id([foreign], owner), undefined);
  });

  it("is the newest of what it had since it was brought back from a point", () => {
    assert.equal(id(all, owner, restored("aaaaaaaa", 2)), "cccccccc");
    const moved = listedPoint({ id: "eeeeeeee", at: at(5), generation: "2+3" });
    assert.equal(id([...all, moved], owner, restored("aaaaaaaa", 2)), "eeeeeeee");
  });

  it("is also one of the name before the stack was renamed, whichever is newer", () => {
    const formerly = "project/prod/redis";
    assert.equal(id(all, owner, { formerly }), "dddddddd");
    const since = listedPoint({ id: "eeeeeeee", at: at(5) });
    assert.equal(id([...all, since], owner, { formerly }), "eeeeeeee");
    assert.equal(id([foreign], owner, { formerly, ...restored("dddddddd", 3) }), "dddddddd");
  });

  it("may be one of a name before, which is said where there is no other", () => {
    assert.equal(
      renamedHint([foreign, first], "project/new/redis"),
      " If this stack was renamed from project/dev or project/prod (pulumi stack rename): write renamedFrom: " +
        "project/dev in cluster-storage:backups.",
    );
    assert.equal(renamedHint([first], owner), "");
    assert.equal(renamedHint(all, "project/new/qdrant"), "");
  });

  it("is that point again where nothing was backed up since", () => {
    assert.equal(id([first, second, foreign], owner, restored("aaaaaaaa", 2)), "aaaaaaaa");
    assert.equal(id(all, owner, restored("dddddddd", 3, "project/prod/redis")), "dddddddd");
  });

  it("is none where that point isn't there any more, is another's, or isn't the only one of that id", () => {
    assert.equal(id([second], owner, restored("aaaaaaaa", 2)), undefined);
    assert.equal(id(all, owner, restored("dddddddd", 3)), undefined);
    assert.equal(id([first, { ...first, id: `${first.id}1` }], owner, restored("aaaaaaaa", 2)), undefined);
  });
});
