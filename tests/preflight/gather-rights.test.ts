import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { provisionerRights } from "../../backends/local-path/rights";
import { givenRights } from "../../preflight/grants";
import { readGrants, reviewer } from "../../preflight/review";
import { askServer } from "../../preflight/servers";
import { stack } from "./cluster";
import { fakeApi, reviews } from "./gather-fixtures";

describe("rights that are given", () => {
  const readable = (given: ReturnType<typeof givenRights>) =>
    given.map(
      ({ verb, group, resource, name, namespace, to }) =>
        `${verb} ${group}/${resource}${name ? ` ${name}` : ""}${namespace ? ` in ${namespace}` : ""} to ${to}`,
    );
  const standard = { type: "existing", class: "standard", accessModes: ["ReadWriteOnce"], default: true };
  const moved = stack(
    { standard, other: { type: "existing", class: "other", accessModes: ["ReadWriteOnce"] } },
    {
      redis: {
        size: "2Gi",
        backend: "other",
        generation: 2,
        kept: [{ generation: 1, size: "1Gi", backend: "standard" }],
      },
    },
  );

  it("are those of the provisioner, in the cluster and in its namespace", () => {
    const given = readable(givenRights(stack().plan));
    assert.ok(given.includes("update /persistentvolumeclaims to backend disk"));
    assert.ok(given.includes("get /pods/log in disk-storage to backend disk"));
    assert.equal(
      given.length,
      provisionerRights.cluster.concat(provisionerRights.namespace).flatMap(({ verbs }) => verbs).length,
    );
    assert.deepEqual(givenRights(stack({ standard }).plan), []);
  });

  it("are those of each move, to single objects in the service's namespace", () => {
    const given = readable(givenRights(moved.plan));
    assert.deepEqual(
      given.filter((right) => right.includes("deployments")),
      ["get", "patch"].map((verb) => `${verb} apps/deployments redis in local-ai-system to the move of redis`),
    );
    assert.ok(given.includes("patch /persistentvolumeclaims redis-data in local-ai-system to the move of redis"));
    assert.ok(given.every((right) => right.endsWith("in local-ai-system to the move of redis")));
  });

  /**
   * Answers of a caller with these rights, and all that was asked, as `verb resource[/subresource] [name] [in
   * namespace]`.
   */
  async function answers(plan: Parameters<typeof givenRights>[0], has: (right: string) => boolean) {
    const readable = ({ verb, resource, subresource, name, namespace }: Record<string, string>) =>
      [`${verb} ${resource}${subresource ? `/${subresource}` : ""}`, name, namespace && `in ${namespace}`]
        .filter(Boolean)
        .join(" ");
    const { api, asked } = fakeApi({}, (access) => has(readable(access)));
    const refused = (await readGrants(reviewer(api), givenRights(plan))).filter(({ allowed }) => !allowed);
    return {
      refused: refused.map(({ verb, resource, name }) => [verb, resource, name].filter(Boolean).join(" ")),
      asked: reviews(asked)
        .map((review) => readable(review as Record<string, string>))
        .sort(),
    };
  }

  it("are not asked for one by one of who may write and bind any role", async () => {
    const { refused, asked } = await answers(stack().plan, (right) =>
      /^(escalate|bind) (clusterroles|roles)$/.test(right),
    );
    assert.deepEqual(
      [refused, asked],
      [[], ["* *", "bind clusterroles", "bind roles", "escalate clusterroles", "escalate roles"]],
    );
  });

  it("may be given in a namespace by who may write and bind any role there", async () => {
    assert.deepEqual(
      (await answers(moved.plan, (right) => /^(escalate|bind) roles in local-ai-system$/.test(right))).refused,
      [],
    );
    const { refused } = await answers(stack().plan, (right) => /^(escalate|bind) roles in disk-storage$/.test(right));
    assert.equal(refused.length, provisionerRights.cluster.flatMap(({ verbs }) => verbs).length);
  });

  it("may be given by who has them, each as narrow as it is given", async () => {
    const { refused, asked } = await answers(
      moved.plan,
      (right) => !/^(\*|escalate|bind) /.test(right) && !/^(patch deployments|delete pods\/log)/.test(right),
    );
    assert.deepEqual(refused, [
      "patch deployments redis",
      "delete pods/log redis-data-1-to-2-measure",
      "delete pods/log redis-data-1-to-2-copy",
    ]);
    assert.ok(
      asked.includes("patch deployments redis in local-ai-system") &&
        asked.includes("delete pods/log redis-data-1-to-2-copy in local-ai-system"),
    );
    assert.equal(new Set(asked).size, asked.length);
  });

  it("are not given by who may write any role and bind none", async () => {
    assert.notDeepEqual((await answers(moved.plan, (right) => right.startsWith("escalate"))).refused, []);
  });
});

describe("a server's answer", () => {
  it("is none where nothing listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    assert.deepEqual(await askServer("127.0.0.1", port), { host: "127.0.0.1", port });
    await new Promise((resolve) => server.close(resolve));
    assert.deepEqual(await askServer("127.0.0.1", port), { host: "127.0.0.1", port, fault: "ECONNREFUSED" });
  });
});
