import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const root = join(__dirname, "../..");
const pages = globSync(["*.md", "docs/**/*.md"], { cwd: root });
const text = (page: string) => readFileSync(join(root, page), "utf8");

/** A heading's anchor, as GitHub makes it. */
const anchorOf = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");

function anchorsIn(page: string): Set<string> {
  const prose = text(page).replaceAll(/^```[^]*?^```$/gm, "");
  return new Set([...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => anchorOf(heading!)));
}

describe("the pages", () => {
  it("lead to pages and headings that there are", () => {
    const dead = pages.flatMap((page) =>
      [...text(page).matchAll(/\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(([, path = "", anchor]) => {
        const target = path === "" ? page : normalize(join(dirname(page), path));
        const missing = !existsSync(join(root, target));
        const wrong = missing || (anchor !== undefined && target.endsWith(".md") && !anchorsIn(target).has(anchor));
        return wrong ? [`${page}: ${path}${anchor === undefined ? "" : `#${anchor}`}`] : [];
      }),
    );
    assert.deepEqual(dead, []);
  });

  it("name npm scripts that there are", () => {
    const { scripts } = JSON.parse(text("package.json")) as { scripts: Record<string, string> };
    const unknown = pages
      .filter((page) => page !== "CHANGELOG.md")
      .flatMap((page) =>
        [...text(page).matchAll(/npm run (?:--silent )?([a-z][\w-]*(?::[\w-]+)*)/g)].flatMap(([, name]) =>
          Object.hasOwn(scripts, name!) ? [] : [`${page}: npm run ${name}`],
        ),
      );
    assert.deepEqual(unknown, []);
  });
});
