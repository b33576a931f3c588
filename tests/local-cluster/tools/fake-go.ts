import * as fs from "node:fs/promises";
import * as path from "node:path";

/**
 * A `go` that "builds" a program into a file with the package's name, and notes its arguments in `log`.
 * `fail`: what it says instead, on stderr.
 */
export async function installFakeGo(bin: string, log: string, { version = "go1.99.0", fail = "" } = {}): Promise<void> {
  await fs.mkdir(bin, { recursive: true });
  const settings = JSON.stringify({
    GOVERSION: version,
    GOTOOLCHAIN: "local",
    GOCACHE: path.join(bin, "build"),
    GOMODCACHE: path.join(bin, "modules"),
    CC: "gcc",
  });
  const script = `#!/bin/sh
if [ "$1" = env ]; then echo '${settings}'; exit; fi
echo "$@" >> '${log}'
if [ -n '${fail}' ]; then echo '${fail}' >&2; exit 1; fi
output="$GOBIN"
for word in "$@"; do
  [ "$last" = -o ] && output="$word"
  last="$word"
done
printf '%s' "$last" > "$output/$(basename "\${last%@*}")"
`;
  await fs.writeFile(path.join(bin, "go"), script, { mode: 0o755 });
}
