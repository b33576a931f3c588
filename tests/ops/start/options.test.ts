import assert from "node:assert/strict";
import { startOptions } from "../../../ops/start/options";

describe("the arguments of npm start", () => {
  it("name another cluster, or ask for the real programs", () => {
    assert.deepEqual(startOptions([]), { context: undefined, real: false });
    assert.deepEqual(startOptions(["--real"]), { context: undefined, real: true });
    assert.deepEqual(startOptions(["--context", "home"]), { context: "home", real: false });
  });

  it("can't ask for both: another cluster pulls the images", () => {
    assert.throws(() => startOptions(["--real", "--context", "home"]), {
      name: "UserError",
      message:
        '--real makes the services\' programs for the local cluster, and the cluster "home" pulls their images; ' +
        "nothing was started. Leave one of --real and --context out",
    });
  });
});
