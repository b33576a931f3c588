import { execa, ExecaError } from "execa";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { UserError } from "../../model/user-error";

/** Compiles the Go program in `folder`, which has no dependencies, to one static file and returns it. */
export async function compileGo(folder: string, scratch: string, env: NodeJS.ProcessEnv): Promise<Buffer> {
  const output = path.join(scratch, "program");
  try {
    await execa("go", ["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-o", output, "."], {
      cwd: folder,
      env: { ...env, CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOWORK: "off", GOFLAGS: "" },
    });
  } catch (error) {
    if (error instanceof ExecaError && error.code === "ENOENT")
      throw new UserError(
        "The local cluster's images cannot be made, because `go` (Go 1.21 or newer) is not on PATH. Install it, or " +
          "use a cluster that can pull images: `npm start -- --context NAME`.",
      );
    throw error;
  }
  return readFile(output);
}
