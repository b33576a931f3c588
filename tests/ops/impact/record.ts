import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parsePreview } from "../../../ops/pulumi/preview";
import { shorten } from "./shorten";

const [name = "preview"] = process.argv.slice(2);
const preview = shorten(parsePreview(readFileSync(0, "utf8"))!);
// The cluster's own values don't matter here, and they name files of the machine that made the recording.
preview.config["cluster-storage:cluster"] = JSON.stringify({ context: "recorded", identifier: "recorded" });
const diagnostics = preview.diagnostics.map((each) => ({
  ...each,
  message: each.message.replace(/ at \/\S+/, " at /plugins"),
}));
const steps = preview.steps.map((step) => `    ${JSON.stringify(step)}`).join(",\n");
writeFileSync(
  join(__dirname, "previews", `${name}.json`),
  `{\n  "config": ${JSON.stringify(preview.config)},\n  "steps": [\n${steps}\n  ],\n  ` +
    `"diagnostics": ${JSON.stringify(diagnostics)}\n}\n`,
);
