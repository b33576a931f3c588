import { Exec, type V1Status } from "@kubernetes/client-node";
import { Readable, Writable } from "node:stream";
import type { Kube } from "./client";

export interface ExecResult {
  stdout: string;
  stderr: string;
  /** 0 for success. */
  exitCode: number;
}

export interface ExecOptions {
  /** Default: 60 000 ms. */
  timeout?: number;
  /** What its standard input has. The input doesn't end, so the command reads as many lines as it needs. */
  input?: string;
}

/** The text, and then nothing: an end of the stream would close the whole connection. */
async function* lines(text: string): AsyncGenerator<string> {
  yield text;
  await new Promise(() => undefined);
}

/**
 * Runs `command` in a container through the API server. Rejects when the connection ends without a result or `timeout`
 * (ms) passes.
 */
export async function execInPod(
  kube: Kube,
  namespace: string,
  pod: string,
  container: string,
  command: string[],
  { timeout = 60_000, input }: ExecOptions = {},
): Promise<ExecResult> {
  const out = collector();
  const errors = collector();
  const status = await new Promise<V1Status>((resolve, reject) => {
    const finish = (status: V1Status) => {
      clearTimeout(timer);
      resolve(status);
    };
    const socket = new Exec(kube.config).exec(
      namespace,
      pod,
      container,
      command,
      out.stream,
      errors.stream,
      input === undefined ? null : Readable.from(lines(input)),
      false,
      finish,
    );
    const fail = (error: { message?: string }) => {
      clearTimeout(timer);
      // This is not always an Error: the library may hand on the WebSocket's event.
      reject(error instanceof Error ? error : new Error(`exec in ${pod}: ${error.message ?? "the connection failed"}`));
      void socket.then(
        (open) => open.close(),
        () => undefined,
      );
    };
    const timer = setTimeout(
      () => fail(new Error(`no answer within ${timeout / 1000} s from: ${command.join(" ")}`)),
      timeout,
    );
    socket.then((open) => {
      open.on("error", fail);
      open.on("close", () => fail(new Error(`the connection to ${pod} ended before: ${command.join(" ")}`)));
    }, fail);
  });
  return { stdout: out.text(), stderr: errors.text(), exitCode: exitCode(status) };
}

function exitCode(status: V1Status): number {
  if (status.status === "Success") return 0;
  const code = status.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  if (code === undefined) throw new Error(status.message ?? "the command could not be started");
  return Number(code);
}

function collector() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString("utf8") };
}
