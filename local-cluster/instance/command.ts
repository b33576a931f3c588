import { execa } from "execa";

/** Runs a program of the machine and returns its output. Throws with the last line of its errors when it fails. */
export async function run(program: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const result = await execa(program, args, { env, reject: false, stdin: "ignore" });
  if (result.exitCode === 0) return result.stdout;
  const complaint = (result.stderr || result.stdout || result.message || "").trim().split("\n").at(-1);
  throw new Error(`${program} ${args[0] ?? ""}: ${complaint}`);
}
