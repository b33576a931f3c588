import assert from "node:assert/strict";
import { memorySettings } from "../../services/shared/neo4j-sizes";
import { service } from "./plan-fixture";

describe("plan", () => {
  describe("resources", () => {
    it("are the catalogue's where the config says nothing else", () => {
      const { resources } = service(
        "    redis: { size: 1Gi, resources: { limits: { memory: 1Gi } } }",
        "redis",
      ).container;
      assert.deepEqual(resources, { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "1Gi" } });
    });

    it("give Neo4j its heap and page cache", () => {
      assert.deepEqual(memorySettings(2 * 1024 ** 3), { heap: 768, pageCache: 512 });
      assert.deepEqual(memorySettings(8 * 1024 ** 3), { heap: 3072, pageCache: 2048 });
      const { env } = service("    neo4j: { size: 1Gi, resources: { limits: { memory: 8Gi } } }", "neo4j").container;
      assert.ok(
        env.some(
          (entry) => "value" in entry && entry.name === "NEO4J_server_memory_heap_max__size" && entry.value === "3072m",
        ),
      );
    });
  });

  describe("images", () => {
    it("that are stand-ins say so, and are checked by their own records", () => {
      const { standIn, check } = service(
        "    qdrant: { size: 1Gi, image: { ref: 'localhost/stand-in:1', standIn: true } }",
        "qdrant",
      );
      assert.equal(standIn, true);
      assert.deepEqual(check, {
        container: "qdrant",
        write: [{ http: { method: "PUT", port: 6333, path: "/stand-in/records/{{key}}", body: "{{value}}" } }],
        read: [{ http: { method: "GET", port: 6333, path: "/stand-in/records/{{key}}" } }],
        remove: [{ exec: ["rm", "-f", "/qdrant/storage/stand-in/records/{{key}}"] }],
        list: [{ exec: ["ls", "/qdrant/storage/stand-in/records"] }],
      });
    });

    it("of the user's own program go without the example's arguments, and may say their own", () => {
      const base =
        "    taskflow-db: { size: 1Gi }\n    taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi }, image: 'mine:1'";
      assert.equal(service(`${base} }`, "taskflow").container.args, undefined);
      const example = service(`${base.replace("mine:1", "registry.local/rclone:1.70")} }`, "taskflow").container.args;
      assert.deepEqual(example?.slice(0, 2), ["serve", "webdav"], "the example from elsewhere");
      const own = service(
        `${base}, args: [serve], uid: 2000, port: 3000, env: { MODE: prod, DATABASE_NAME: mine } }`,
        "taskflow",
      );
      assert.deepEqual(own.container.args, ["serve"]);
      assert.deepEqual(own.identity, { uid: 2000, gid: 2000 });
      assert.deepEqual(own.container.ports, [{ name: "http", port: 3000 }]);
      assert.deepEqual(own.container.probes.readiness.action, { tcp: 3000 });
      assert.deepEqual(
        own.container.env.filter(({ name }) => ["MODE", "DATABASE_NAME"].includes(name)),
        [
          { name: "MODE", value: "prod" },
          { name: "DATABASE_NAME", value: "mine" },
        ],
      );
      assert.deepEqual(own.claims[0]?.annotations["cluster-storage/uid"], "2000");
    });
  });
});
