import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { backendTypes } from "../../backends/catalogue";
import { createServices } from "../../components/services";
import { Storage } from "../../components/storage";
import { recipesOf } from "../../local-cluster/images/images";
import type { CheckStep } from "../../model/container";
import { pickCredentials } from "../../ops/adopt/credentials";
import { planConfig } from "../../ops/pulumi/stack-plan";
import { substitute } from "../../ops/verify/steps";
import { stackOutputs } from "../../plan/outputs";
import { catalogue, findServices } from "../../services/catalogue";
import { localImagesOf } from "../../services/shared/local-image";
import { unguarded } from "../unguarded";
import { generated, names, one, record, secretOf } from "../components/recorded";
import { goldenText } from "../golden-plan";
import { root } from "../stack";

const folder = join(root, "tests", "fixtures", "services");
const found = findServices(folder);
const services = new Map([...catalogue, ...found]);

const planned = (settings: Record<string, object>) =>
  planConfig(
    {
      "cluster-storage:cluster": { context: "c", identifier: "c" },
      "cluster-storage:backends": { disk: { type: "local-path", path: "/opt/volumes", default: true } },
      "cluster-storage:services": { redis: { size: "1Gi" }, ...settings },
    },
    { project: "cluster-storage", stack: "test" },
    services,
  );

/** A service as somebody would add one: a file, and not one line anywhere else. */
describe("a service that is one file", () => {
  it("is found by what the file exports, and goes by its file's name", () => {
    assert.deepEqual([...found.keys()], ["pinboard"]);
    const other = mkdtempSync(join(tmpdir(), "services-"));
    try {
      writeFileSync(join(other, "shared.ts"), "export const nothing = 1;\n");
      writeFileSync(join(other, "board.ts"), 'exports.service = { name: "pinboard" };\n');
      assert.throws(() => findServices(other), {
        message: `${join(other, "board.ts")} exports the service pinboard; call the file pinboard.ts`,
      });
      rmSync(join(other, "board.ts"));
      assert.deepEqual(findServices(other), new Map());
    } finally {
      rmSync(other, { recursive: true });
    }
  });

  it("has its settings read, and is refused without what it needs", () => {
    assert.deepEqual(planned({ pinboard: { size: "2Gi" } }).faults, []);
    assert.deepEqual(
      planned({ redis: { size: "1Gi", run: false }, pinboard: { size: "2Gi" } }).faults.map(({ path }) => path),
      ["services.pinboard"],
    );
    assert.deepEqual(
      planned({ pinboard: { size: "2Gi", colour: "red" } }).faults.map(({ path }) => path),
      ["services.pinboard.colour"],
    );
  });

  it("costs one line of the golden plan", () => {
    const lines = (settings: Record<string, object>) => goldenText(planned(settings).plan as never).split("\n");
    const before = new Set(lines({}).map((line) => line.replace(/,$/, "")));
    const added = lines({ pinboard: { size: "2Gi" } }).map((line) => line.replace(/,$/, ""));
    assert.deepEqual(
      added.filter((line) => !before.has(line)).map((line) => line.trim().split(":")[0]),
      ['"pinboard"'],
    );
  });

  it("is made by the same component as every other", async () => {
    const { plan } = planned({ pinboard: { size: "2Gi" } });
    const all = await record((opts) => {
      const storage = new Storage("storage", { ...plan, types: backendTypes } as never, opts);
      createServices({ ...plan, storage, ...unguarded }, opts);
    });
    assert.ok(names(all, "StatefulService").includes("pinboard"));
    const claim = one(all, "PersistentVolumeClaim", "pinboard-data");
    assert.deepEqual([claim.inputs.spec.resources.requests.storage, claim.opts.protect], ["2Gi", true]);
    assert.deepEqual(secretOf(one(all, "Secret", "pinboard").inputs.stringData), {
      "note-key": generated("pinboard-note-key"),
      "session-key": generated("pinboard-session-key"),
    });
    const [container] = one(all, "Deployment", "pinboard").inputs.spec.template.spec.containers;
    assert.deepEqual(container.env, [
      { name: "PINBOARD_HOME", value: "/var/lib/pinboard" },
      { name: "PINBOARD_CACHE", value: "redis.local-ai-system.svc.cluster.local" },
      { name: "PINBOARD_KEY", valueFrom: { secretKeyRef: { name: "pinboard", key: "note-key" } } },
      { name: "PINBOARD_SESSION", value: "/run/secrets/pinboard/session-key" },
    ]);
  });

  describe("is verified by its own check", () => {
    let server: Server;
    const notes = new Map<string, string>();
    before(async () => {
      server = createServer((request, response) => {
        void text(request).then((body) => {
          if (request.method === "PUT") notes.set(request.url!, body);
          response.end(notes.get(request.url!));
        });
      });
      await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    });
    after(() => server.close());

    /** What `npm run verify` sends to the pod's port, sent to the server above. */
    const play = async (steps: CheckStep[]): Promise<string> => {
      let answer = "";
      for (const step of steps.map((one) => substitute(one, { key: "check-1", value: "kept" }))) {
        assert.ok("http" in step);
        const { method, path, body } = step.http;
        const { port } = server.address() as AddressInfo;
        answer = await (await fetch(`http://127.0.0.1:${port}${path}`, { method, body })).text();
      }
      return answer;
    };

    for (const [what, image] of [
      ["", "example/pinboard:1.5.0"],
      [", or by its stand-in's records", { ref: "localhost/stand-in-pinboard:1", standIn: true }],
    ] as const)
      it(`reads what it wrote${what}`, async () => {
        notes.clear();
        const { plan } = planned({ pinboard: { size: "2Gi", image } });
        const { check } = stackOutputs(plan as never).services.pinboard!;
        await play(check.write);
        assert.deepEqual([...notes], [[what ? "/stand-in/records/check-1" : "/notes/check-1", "kept"]]);
        assert.equal(await play(check.read), "kept");
      });
  });

  it("has a stand-in on the local cluster", () => {
    const images = localImagesOf(found, false);
    assert.deepEqual(images.get("pinboard"), {
      standIn: {
        user: "1000:1000",
        http: 8090,
        tcp: [8091],
        probes: ["/alive"],
        data: "/var/lib/pinboard",
        writable: ["/var/log/pinboard"],
        log: "/var/log/pinboard/access.log",
        process: "pinboard",
      },
    });
    const recipes = recipesOf(images, { lists: "", env: {} });
    assert.deepEqual(
      [...recipes.values()].map(({ name }) => name),
      ["stand-in-pinboard"],
    );
  });

  it("is not adopted without the secret that its data was made with", () => {
    const wanted = (key: string) => ({ urn: key, service: "pinboard", namespace: "n", key, sources: [] });
    const all = ["note-key", "session-key"].map(wanted);
    const { faults } = pickCredentials(all, new Map(), new Set(["pinboard"]), services);
    assert.deepEqual(
      faults.map(({ wanted: { key } }) => key),
      ["note-key"],
    );
  });

  it("has its data leave a running pod by its recipe", () => {
    const settings = { size: "2Gi", generation: 2, kept: [{ generation: 1, size: "2Gi", backend: "none" }] };
    const scratch = { type: "ephemeral", allowDataLoss: "a test" };
    const { plan, faults } = planConfig(
      {
        "cluster-storage:cluster": { context: "c", identifier: "c" },
        "cluster-storage:backends": { disk: { type: "local-path", path: "/opt", default: true }, none: scratch },
        "cluster-storage:services": { redis: { size: "1Gi" }, pinboard: settings },
      },
      { project: "cluster-storage", stack: "test" },
      services,
    );
    assert.deepEqual(faults, []);
    const { move } = plan.services.find(({ name }) => name === "pinboard")!.claims[0]!;
    assert.deepEqual([move?.kind, move?.exportRecipe?.container], ["fill", "pinboard"]);
    assert.deepEqual(
      move?.exportRecipe?.streams.map(({ into }) => into),
      ["notes", "log"],
    );
  });

  it("is shown whole in docs/adding-a-service.md, as it would stand in services/", () => {
    const page = readFileSync(join(root, "docs", "adding-a-service.md"), "utf8");
    const file = readFileSync(join(folder, "pinboard.ts"), "utf8");
    const there = file.replaceAll("../../../services/", "./").replaceAll("../../../", "../");
    assert.ok(page.includes(`\`\`\`ts\n// services/pinboard.ts\n${there}\`\`\`\n`));
  });
});
