// Plain values as YAML in the form that talosctl prints. A library would take longer to load than all else takes.

const scalar = (value) =>
  typeof value === "string" && /^[A-Za-z][A-Za-z0-9._/-]*$/.test(value) ? value : JSON.stringify(value);

function yaml(value, indent = "") {
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => {
      if (Array.isArray(inner)) {
        const items = inner.map((item) => entry(item, indent)).join("");
        return `${indent}${key}:${items === "" ? " []\n" : `\n${items}`}`;
      }
      if (typeof inner === "object" && inner !== null) {
        const below = yaml(inner, `${indent}    `);
        return `${indent}${key}:${below === "" ? " {}\n" : `\n${below}`}`;
      }
      return `${indent}${key}: ${scalar(inner)}\n`;
    })
    .join("");
}

const entry = (item, indent) =>
  typeof item === "object" && item !== null
    ? `${indent}    - ${yaml(item, `${indent}      `).trimStart()}`
    : `${indent}    - ${scalar(item)}\n`;

module.exports = { yaml };
