import { randomBytes } from "node:crypto";
import { changesBetween } from "../protocol/diff";
import type { Engine } from "../protocol/engine";
import type { Provider } from "../protocol/provider";
import { redact } from "../protocol/redact";
import { parseUrn } from "../protocol/urn";
import { reveal, Unknown, type Properties } from "../protocol/values";
import { unknownString } from "../protocol/wire";
import { unspeakable } from "./connection";
import { outputIn, remoteCommand, shellCommand, withOutput } from "./inputs";
import type { Output } from "./output";
import { runRemote } from "./remote";
import { run } from "./shell";

const remoteType = "command:remote:Command";
const tokens = ["command:local:Command", "command:local:run", remoteType];
const unknownOutput = { stdout: new Unknown(unknownString), stderr: new Unknown(unknownString) };

/** The stand-in for @pulumi/command: commands here and, over SSH, elsewhere. It has no copies, assets and archives. */
export function commandProvider(version: string): Provider {
  const cancel = new AbortController();
  let engine: Engine;

  const runFor = async (
    urn: string,
    command: string,
    inputs: Properties,
    previous: Partial<Output> = {},
  ): Promise<Output> => {
    const line = (text: string): void => engine.log("info", text, urn);
    try {
      if (urn === "" || parseUrn(urn).type !== remoteType)
        return await run(shellCommand(command, inputs, previous), line, cancel.signal);
      const note = (text: string): void => engine.status(text, urn);
      const warn = (text: string): void => engine.log("warning", text, urn);
      return await runRemote(remoteCommand(command, inputs, previous), { line, note, warn }, cancel.signal);
    } catch (error) {
      throw new Error(redact((error as Error).message, unspeakable(inputs)));
    }
  };

  return {
    version,
    async configure(_, connected) {
      engine = connected;
    },
    async check({ urn, news }) {
      refuseOthers(parseUrn(urn).type);
      return { inputs: news, failures: [] };
    },
    async diff({ olds, oldInputs, news }) {
      const { stdout: _, stderr: __, ...recorded } = olds;
      const before = Object.keys(oldInputs).length > 0 ? oldInputs : recorded;
      const changes = changesBetween(before, news).map((change) => ({
        ...change,
        replace: change.path[0] === "triggers",
      }));
      return { changes, deleteBeforeReplace: false };
    },
    async create({ urn, inputs, preview }) {
      const id = `${parseUrn(urn).name}${randomBytes(4).toString("hex")}`;
      const command = commandIn(inputs, "create");
      if (preview) return { id: "", outputs: withOutput(inputs, unknownOutput) };
      const output = command === undefined ? { stdout: "", stderr: "" } : await runFor(urn, command, inputs);
      return { id, outputs: withOutput(inputs, output) };
    },
    async read({ id, state, inputs }) {
      return { id, outputs: state, inputs };
    },
    async update({ urn, olds, news, preview }) {
      if (preview) return withOutput(news, unknownOutput);
      const previous = outputIn(olds);
      const command = commandIn(news, "update") ?? commandIn(news, "create");
      const output = command === undefined ? previous : await runFor(urn, command, news, previous);
      return withOutput(news, { stdout: output.stdout ?? "", stderr: output.stderr ?? "" });
    },
    async delete({ urn, state }) {
      const command = commandIn(state, "delete");
      if (command !== undefined) await runFor(urn, command, state, outputIn(state));
    },
    async invoke({ token, args }) {
      refuseOthers(token);
      const output = await runFor("", String(reveal(args.command ?? "")), args);
      return { result: withOutput(args, { ...output }), failures: [] };
    },
    cancel: () => cancel.abort(),
  };
}

function commandIn(inputs: Properties, name: string): string | undefined {
  const command = reveal(inputs[name] ?? null);
  return typeof command === "string" ? command : undefined;
}

function refuseOthers(token: string): void {
  if (tokens.includes(token)) return;
  throw new Error(
    `${token} is not supported by the stand-in command plugin of the local cluster; the official plugin has it`,
  );
}
