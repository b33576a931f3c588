import assert from "node:assert/strict";
import { withOwnJobs } from "../../plan/move-jobs";
import type { ServicePlan } from "../../model/plan";
import { plan } from "./plan-fixture";

const moved = "size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi }]";
const jobsOf = (services: string) =>
  Object.fromEntries(
    plan(services).services.flatMap(({ name, claims }) =>
      claims.flatMap(({ move }) => (move ? [[name, move.job]] : [])),
    ),
  );

describe("the jobs of moves", () => {
  it("have names of their own where two services of one namespace have volumes of the same name", () =>
    assert.deepEqual(jobsOf(`    postgres: { ${moved} }\n    taskflow-db: { ${moved}, namespace: local-ai-data }\n`), {
      postgres: "postgres-data-1-to-2",
      "taskflow-db": "postgres-data-taskflow-db-1-to-2",
    }));

  it("have them whether the other moves or not, so that its move gives this one no other name", () =>
    assert.deepEqual(jobsOf(`    postgres: { size: 1Gi }\n    taskflow-db: { ${moved}, namespace: local-ai-data }\n`), {
      "taskflow-db": "postgres-data-taskflow-db-1-to-2",
    }));

  it("have the names that they always had in a namespace of their own", () => {
    const names = { postgres: "postgres-data-1-to-2", "taskflow-db": "postgres-data-1-to-2" };
    assert.deepEqual(jobsOf(`    postgres: { ${moved} }\n    taskflow-db: { ${moved} }\n`), names);
    const back = "size: 1Gi, generation: 3, kept: [{ generation: 2, size: 1Gi }]";
    assert.deepEqual(jobsOf(`    taskflow-db: { ${back} }\n`), { "taskflow-db": "postgres-data-2-to-3" });
  });

  it("are all of own names where all volumes come from templates", () => {
    const service = (name: string, generation: number) =>
      ({
        name,
        namespace: "apps",
        claims: [
          {
            volume: `data-${generation}`,
            template: `data-${generation}`,
            generation,
            move: { job: `data-1-to-${generation}` },
          },
        ],
      }) as unknown as ServicePlan;
    assert.deepEqual(
      withOwnJobs([service("a", 2), service("b", 3)]).map(({ claims }) => claims[0]!.move!.job),
      ["data-a-1-to-2", "data-b-1-to-3"],
    );
  });
});
