import assert from "node:assert/strict";
import { moverPrograms } from "../../components/mover-programs";
import { notArrived } from "../../plan/arrival";
import * as metadata from "../../model/metadata";
import type { VolumePlan } from "../../model/storage";

const volume = (name: string, ephemeral = false) => ({ name, ephemeral }) as VolumePlan;
const said = (where: string) =>
  `the data has not arrived on ${where} (job redis-data-1-to-2), so the workload still uses its old volume; ` +
  "run the whole update again; if an update was interrupted, run npm run recover first";
const moved = (from: string) => ({ "cluster-storage/moved": JSON.stringify({ from, at: "2026-01-01T00:00:00Z" }) });
const movedTo = (to: string) => ({ "cluster-storage/moved-to": JSON.stringify({ to, at: "2026-01-01T00:00:00Z" }) });

describe("data has arrived", () => {
  it("by the marks that the mover leaves", () => {
    const { movedAnnotation, movedToAnnotation } = metadata;
    assert.deepEqual([movedAnnotation, movedToAnnotation], ["cluster-storage/moved", "cluster-storage/moved-to"]);
    const claims = moverPrograms()["orchestrate.claims.mjs"] ?? "";
    assert.match(claims, /import \{[^}]*\bmovedAnnotation, movedToAnnotation\b[^}]*\} from ".\/model.metadata.mjs";/);
  });

  const claim = volume("redis-data-2");
  const move = { job: "redis-data-1-to-2", from: volume("redis-data") };
  const table: [string, Record<string, string> | undefined, Record<string, string> | undefined, string | undefined][] =
    [
      ["where both claims say so", moved("redis-data"), movedTo("redis-data-2"), undefined],
      ["not where neither does", {}, {}, said("redis-data-2")],
      [
        "not where it was copied and the service never left the old volume",
        moved("redis-data"),
        {},
        said("redis-data-2"),
      ],
      ["not where it came from another volume", moved("redis-data-7"), movedTo("redis-data-2"), said("redis-data-2")],
      [
        "not where the service left for another volume",
        moved("redis-data"),
        movedTo("redis-data-3"),
        said("redis-data-2"),
      ],
      ["not where there is no new claim", undefined, movedTo("redis-data-2"), said("redis-data-2")],
      [
        "not where somebody wrote what can't be read",
        { "cluster-storage/moved": "{" },
        movedTo("redis-data-2"),
        said("redis-data-2"),
      ],
    ];
  for (const [what, target, source, why] of table)
    it(what, () => assert.equal(notArrived(claim, move, target, source), why));

  it("from a pod's own directory, which is gone then", () => {
    const fill = { ...move, from: volume("redis-data", true) };
    assert.equal(notArrived(claim, fill, moved("emptyDir"), undefined), undefined);
    assert.equal(notArrived(claim, fill, moved("redis-data"), undefined), said("redis-data-2"));
  });

  it("in a pod's own directory, which nobody can ask", () => {
    assert.equal(notArrived(volume("redis-data-2", true), move, undefined, movedTo("emptyDir")), undefined);
    assert.equal(notArrived(volume("redis-data-2", true), move, undefined, {}), said("the pod's own directory"));
  });
});
