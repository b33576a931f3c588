import assert from "node:assert/strict";
import { tidy } from "../../../ops/ci/fold";
import { withoutStatuses } from "../../../ops/ci/statuses";

const event = (message: string, { ephemeral = true, prefix = "" } = {}) =>
  JSON.stringify({ diagnosticEvent: { severity: "info", ephemeral, prefix, message } });
const log = (...events: string[]) => events.map((text) => `${text}\n`).join("");

/** A StatefulSet's change, as the CLI prints it. */
const step = `Updating (dev):
    ~ kubernetes:apps/v1:StatefulSet: (update)
        [id=a/db]
      ~ spec: {
          ~ replicas: 1 => 2
        }`;
const summary = `Resources:
    ~ 1 updated

Policy Packs run:
    Name  Version`;

describe("what plugins say for the moment", () => {
  it("is not in the text: the same is left of either plugin's update", () => {
    const official = `${step}

[1/3] Waiting for StatefulSet update to roll out (0/2 Pods ready)
warning: [Pod a/db-1]: containers with unready status: [db]
[ImagePullBackOff] Back-off pulling image
StatefulSet initialization complete

${summary}
`;
    const standIn = `Waiting for the StatefulSet's pods (1 of 2 ready)\n${step}\n${summary}\n`;
    const [ofOfficial, ofStandIn] = [
      withoutStatuses(
        official,
        log(
          event("\n"),
          event("[1/3] Waiting for StatefulSet update to roll out (0/2 Pods ready)\n"),
          event("[Pod a/db-1]: containers with unready status: [db]\n[ImagePullBackOff] Back-off pulling image\n", {
            prefix: "warning: ",
          }),
          event("StatefulSet initialization complete\n"),
          event("\n"),
        ),
      ),
      withoutStatuses(standIn, log(event("Waiting for the StatefulSet's pods (1 of 2 ready)\n"))),
    ].map(tidy);
    assert.equal(ofOfficial, `${step}\n${summary}`);
    assert.equal(ofStandIn, ofOfficial);
  });

  it("is left where the same is said for good", () => {
    const printed = "warning: the volume is nearly full\nwarning: the volume is nearly full\n";
    const said = { prefix: "warning: " };
    const events = [event("the volume is nearly full\n", { ...said, ephemeral: false })];
    assert.equal(withoutStatuses(printed, log(...events)), printed);
    assert.equal(
      withoutStatuses(printed, log(...events, event("the volume is nearly full\n", said))),
      "warning: the volume is nearly full\n",
    );
  });

  it("is left where there is no log, or one that isn't whole", () => {
    const printed = "Waiting for readiness\nResources:\n";
    assert.equal(withoutStatuses(printed, ""), printed);
    assert.equal(withoutStatuses(printed, event("Waiting for readiness\n").slice(0, -5)), printed);
  });
});
