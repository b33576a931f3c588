import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { LocalStep } from "../../../model/node-preparation";
import { schema } from "../../../nodes/minikube/config";
import { node as minikube } from "../../../nodes/minikube/node";

/** A `minikube` that notes its arguments, and runs the command here with another root where it should. */
const program = (home: string) => `#!/bin/sh
printf '%s\\n' "$1 $2 $3 $4 $5 $6" >>'${home}/calls'
if [ "$2" != minikube ]; then
  echo "🤷  Profile \\"$2\\" not found." >&2
  echo "👉  To start one, run: minikube start" >&2
  exit 85
fi
shift 6
PATH='${home}':$PATH sh -c "$(printf '%s' "$1" | sed -e 's|^sudo -n ||' -e 's|^PATH=|PATH=${home}:|')"
`;

describe("a node of type minikube", () => {
  let home: string;
  const path = process.env.PATH;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "minikube-"));
    const put = (name: string, text: string) => {
      writeFileSync(join(home, name), text);
      chmodSync(join(home, name), 0o755);
    };
    put("minikube", program(home));
    put("id", "#!/bin/sh\n[ $1 = -u ] && echo 0 || echo root\n");
    put("flock", "#!/bin/sh\n");
    put("stat", `#!/bin/sh\n[ "$1" = -f ] || exec /usr/bin/stat "$@"\ncat '${home}/type'\n`);
    writeFileSync(join(home, "type"), "ext2/ext3\n");
    process.env.PATH = `${home}${delimiter}${path}`;
  });
  afterEach(() => {
    process.env.PATH = path;
    rmSync(home, { recursive: true });
  });

  const access = { talos: {}, ssh: { user: "root", port: 22, agent: false } };
  const target = { name: "minikube", address: "192.168.49.2", access };
  const of = (more: object = {}) => schema.parse({ type: "minikube", directories: [join(home, "data")], ...more });
  const state = async (settings = of()) => {
    const facts = await minikube.ask(target, settings);
    return minikube.judge({ node: "minikube", settings, facts, done: {}, claims: [] })[0];
  };
  const carryOut = (settings = of()) => {
    const [step] = minikube.steps(settings, access);
    return minikube.carryOut!({ ...target, ...step!, say: () => undefined } as unknown as LocalStep);
  };
  const words = (text?: string) => text?.replaceAll(home, "");

  it("gets its directory by minikube ssh, once", async () => {
    const before = await state();
    assert.deepEqual([before?.state, words(before?.note)], ["missing", "/data is not there"]);
    await carryOut();
    await carryOut();
    assert.equal((await state())?.state, "done");
    assert.deepEqual(
      new Set(readFileSync(join(home, "calls"), "utf8").trim().split("\n")),
      new Set(["-p minikube ssh -n minikube --"]),
    );
  });

  it("is refused a directory that would be empty after its next start", async () => {
    writeFileSync(join(home, "type"), "tmpfs\n");
    const found = await state();
    assert.deepEqual(
      [found?.state, words(found?.why)],
      [
        "refused",
        "/data would be in memory, and empty after the next start of the node. Name a path on its disk, such as " +
          "/data/local-path: docs/minikube.md",
      ],
    );
    await assert.rejects(carryOut(), { name: "UserError", message: /would be in memory/ });
  });

  it("is away where minikube has no such profile, or isn't there", async () => {
    await assert.rejects(state(of({ profile: "other" })), {
      name: "NodeAway",
      message: 'minikube -p other ssh got no answer: Profile "other" not found.',
    });
    rmSync(join(home, "minikube"));
    await assert.rejects(state(), {
      name: "NodeAway",
      message: "minikube is not on the PATH of this machine; install it",
    });
  });

  it("keeps the directory when its line goes", () => {
    const settings = of({ directories: ["/data/local-path"] });
    const [step] = minikube.steps(settings, access);
    assert.equal(step!.id, "directory-data-local--path");
    assert.equal(
      minikube.remains("minikube", step!.id, step!.line),
      "the directory /data/local-path with its files stays on minikube. To take it away by hand: see what is in it, " +
        "then minikube -p minikube ssh -n minikube -- sudo rm -r /data/local-path",
    );
  });
});
