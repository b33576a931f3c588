import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { SftpTrouble } from "../../model/sftp";
import { MoveError } from "../faults";

/** restic's exit codes that say what is wrong (restic.readthedocs.io, "Scripting"). */
export const resticExit = { done: 0, incomplete: 3, noRepository: 10, locked: 11, wrongPassword: 12 } as const;

/** A line that restic prints with --json. */
export interface Message {
  message_type?: string;
  [field: string]: unknown;
}

export interface ResticOptions {
  cwd?: string;
  /** Called with each line that it prints. */
  onLine?: (line: string) => void;
  /** Milliseconds after which it is ended; absent: never. */
  patience?: number;
  signal?: AbortSignal;
}

export interface ResticEnd {
  /** Undefined where it was ended, because it took too long or by the signal. */
  code: number | undefined;
  /** Why it failed: its first complaint where its last words only count them; empty where it said nothing. */
  said: string;
  /** What else it complained of, at most a hundred lines. */
  complaints?: string[];
  /** Why its server couldn't be reached, where another program reaches that for it. */
  trouble?: SftpTrouble;
}

/** Runs restic to its end. Throws where it can't be started. */
export function restic(args: string[], options: ResticOptions = {}): Promise<ResticEnd> {
  const { cwd, onLine = () => undefined, patience, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.env.RESTIC ?? "restic", ["--json", ...reached(), ...args], {
      cwd,
      signal,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [said, refused, late] = ["", "", false];
    const complaints: string[] = [];
    let trouble: SftpTrouble | undefined;
    const timer = setTimeout(() => (late = child.kill()), patience ?? longest);
    createInterface({ input: child.stdout }).on("line", onLine);
    createInterface({ input: child.stderr }).on("line", (line) => {
      // What it says when it is ended is not why it didn't answer.
      if (late) return;
      const message = messageIn(line);
      trouble ??= troubleIn(line);
      // restic would try for a quarter of an hour, and nothing changes that but a person.
      const again = /retrying after [^:]*: (?:Stat: )?(.*)$/.exec(line)?.[1];
      if (again !== undefined && refusalIn(again) !== undefined && refused === "") {
        refused = again;
        child.kill();
      }
      if (message?.message_type === "exit_error") said = String(message.message).replace(/^Fatal: /, "");
      else if (line.trim() !== "" && complaints.length < 100) complaints.push(failureIn(message) ?? line.trim());
    });
    child.once("error", (error) => {
      if (error.name !== "AbortError") reject(new MoveError(`restic can't be started: ${error.message}`));
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      const why = /^$|^There were \d+ errors/.test(said) ? (complaints.at(said === "" ? -1 : 0) ?? said) : said;
      if (refused !== "") return resolve({ code: undefined, said: refused, complaints });
      resolve({ code: late ? undefined : (code ?? undefined), said: why, complaints, ...(trouble && { trouble }) });
    });
  });
}

/** Why a place takes nothing, each with what to do: nothing but a person changes it. */
const refusals: [RegExp, string][] = [
  [
    /no space left|quota exceeded|\b507\b|insufficient storage|storage ?full/i,
    "is full; make room there, or let it go elsewhere (docs/backups.md)",
  ],
  [
    /\b401\b|unauthorized|InvalidAccessKeyId|provided access key|access key .*provided|signature we calculated/i,
    "lets nobody in with what cluster-storage:backups.repository logs in with; set what its server knows",
  ],
  [
    /specified bucket does not exist|NoSuchBucket/i,
    "is in a bucket that isn't there; make the bucket, or correct cluster-storage:backups.repository.s3",
  ],
  [
    /permission denied|read-only file system|access ?denied|\b403\b|forbidden/i,
    "can't be written by what cluster-storage:backups.repository logs in with; give it the right to",
  ],
];

/** Why the place takes nothing, and what to do; undefined where that isn't why restic has failed. */
const refusalIn = (text: string) => refusals.find(([form]) => form.test(text))?.[1];

/** What the program of `sftp.ts` says. */
function troubleIn(line: string): SftpTrouble | undefined {
  const said = messageIn(/^subprocess [^{]*: (\{.*)$/.exec(line)?.[1] ?? "");
  return said?.text === undefined ? undefined : { text: String(said.text), person: said.person === true };
}

/** How restic reaches its server, where it doesn't do that itself. */
const reached = () =>
  process.env.BACKUP_SFTP === undefined
    ? []
    : ["-o", `sftp.command=${process.execPath} ${fileURLToPath(require.resolve("./sftp"))}`];

/** The longest time that a timer can have. */
const longest = 2 ** 31 - 1;

/** What a line says of an error, and of which file; undefined where it says neither. */
function failureIn({ error, item }: Message = {}): string | undefined {
  const { message } = (error ?? {}) as { message?: string };
  return message !== undefined && typeof item === "string" ? `${message} (${item})` : message;
}

/** A line of JSON; undefined for any other line. */
export function messageIn(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}

/** restic's end where it only opens the repository. */
export const lookAtRepository = ({ patience, signal }: Pick<ResticOptions, "patience" | "signal">) =>
  restic(["cat", "config", "--no-lock"], { patience, signal });

/** Throws where the repository isn't there or can't be opened. It never makes one. `repository`: its address. */
export async function openRepository(
  repository: string,
  options: Pick<ResticOptions, "patience" | "signal">,
): Promise<void> {
  const end = await lookAtRepository(options);
  if (end.code !== resticExit.done) throw faultOfEnd(end, repository);
}

/** What a short command of restic prints. Throws where it fails. `repository`: its address, for people. */
export async function resticOutput(
  args: string[],
  repository: string,
  options: Omit<ResticOptions, "onLine">,
): Promise<string> {
  const lines: string[] = [];
  const end = await restic(args, { ...options, onLine: (line) => void lines.push(line) });
  if (end.code !== resticExit.done) throw faultOfEnd(end, repository);
  return lines.join("\n");
}

/** Why restic failed, for a person, with the way out. `repository`: its address, for people. */
export function faultOfEnd({ code, said, trouble, complaints = [] }: ResticEnd, repository: string): MoveError {
  const because = (said.split("\n")[0] ?? "").replace(/^Fatal: /, "");
  const refusal = refusalIn([because, ...complaints].join("\n"));
  if (refusal && code !== resticExit.wrongPassword && code !== resticExit.noRepository)
    return new MoveError(`the repository at ${repository} ${refusal}: ${because}`);
  if (trouble)
    return new MoveError(`the repository at ${repository} could not be opened: ${trouble.text}`, {
      transient: !trouble.person,
    });
  if (code === resticExit.noRepository)
    return new MoveError(
      `there is no repository at ${repository}, and none was made. If the address is right and nothing was backed up ` +
        "there yet: npm run backup -- --init. If it is wrong: correct cluster-storage:backups.repository",
    );
  if (code === resticExit.wrongPassword)
    return new MoveError(
      `the password is not that of the repository at ${repository}; nothing was written. Set the right one: ` +
        "pulumi config set --secret --path 'cluster-storage:backups.repository.password'",
    );
  if (code === resticExit.locked)
    return new MoveError(`the repository at ${repository} is locked by another program: ${because}`, {
      transient: true,
    });
  if (code === resticExit.incomplete)
    return new MoveError(`restic could not read everything: ${because}`, { transient: true });
  if (code === undefined) {
    // restic tries for a quarter of an hour, and says each time why it does so again.
    const why = because.replace(/^.*retrying after [^:]*: (Stat: )?/, "") || "there was no answer";
    return new MoveError(`the repository at ${repository} could not be opened in time: ${why}`, { transient: true });
  }
  return new MoveError(`restic failed at ${repository}: ${because || `exit code ${code}`}`, { transient: true });
}
