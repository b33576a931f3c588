import assert from "node:assert/strict";
import { moverRights } from "../../plan/mover-rights";
import type { ClaimPlan } from "../../model/storage";

const from = (name: string, rest: Partial<ClaimPlan> = {}) => ({ name, ephemeral: false, ...rest }) as ClaimPlan;
const claim = (name: string, kind: "copy" | "fill" | "spill", source: ClaimPlan, rest: Partial<ClaimPlan> = {}) =>
  ({
    name,
    ephemeral: false,
    move: { job: `${source.name}-1-to-2`, kind, from: source, replace: false },
    ...rest,
  }) as ClaimPlan;

/** What may be done, as RESOURCE[/NAMES] VERBS. */
const readable = (rules: ReturnType<typeof moverRights>) =>
  rules.flatMap(({ resources, resourceNames, verbs }) =>
    resources.map((resource) => `${resource}${resourceNames ? ` ${resourceNames.join(" ")}` : ""}: ${verbs.join(" ")}`),
  );

describe("a move's rights", () => {
  it("are to one workload, the two claims and the pods of the move", () => {
    assert.deepEqual(
      readable(moverRights({ kind: "Deployment", name: "redis" }, [claim("redis-data-2", "copy", from("redis-data"))])),
      [
        "deployments redis: get patch",
        "persistentvolumeclaims redis-data-2 redis-data: get patch",
        "jobs redis-data-1-to-2: get",
        "pods: list create",
        "pods redis-data-1-to-2-measure redis-data-1-to-2-copy: get delete",
        "pods/log redis-data-1-to-2-measure redis-data-1-to-2-copy: get delete",
        "events: list",
      ],
    );
  });

  it("are to a third pod where the source may be on another node", () => {
    const across = claim("redis-data-2", "copy", from("redis-data"));
    assert.ok(
      readable(
        moverRights({ kind: "Deployment", name: "redis" }, [{ ...across, move: { ...across.move!, across: true } }]),
      ).includes("pods redis-data-1-to-2-measure redis-data-1-to-2-copy redis-data-1-to-2-source: get delete"),
    );
  });

  it("make a StatefulSet anew only where its claim comes from a template", () => {
    const rights = readable(
      moverRights({ kind: "StatefulSet", name: "db" }, [
        claim("data-2-db-0", "copy", from("data-db-0", { template: "data" }), { template: "data-2" }),
      ]),
    );
    assert.deepEqual(
      rights.filter((right) => right.startsWith("statefulsets")),
      ["statefulsets db: get patch delete", "statefulsets: create"],
    );
  });

  it("enter a pod only where its data has to be taken out of it", () => {
    const source = from("redis-data", { ephemeral: true });
    const fills = readable(
      moverRights({ kind: "StatefulSet", name: "db" }, [claim("data-2-db-0", "fill", source, { template: "data-2" })]),
    );
    assert.deepEqual(
      fills.filter((right) => /^(pods\/exec|pods: get|pods db)|claims/.test(right)),
      ["persistentvolumeclaims data-2-db-0: get patch", "pods: get", "pods/exec: get create", "pods db-0: delete"],
    );
    assert.ok(
      !readable(
        moverRights({ kind: "Deployment", name: "redis" }, [claim("redis-data", "spill", from("redis-data"))]),
      ).some((right) => right.startsWith("pods/exec")),
    );
  });
});
