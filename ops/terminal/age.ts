const units: [string, number][] = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
];

/** How long ago something was, in the largest unit that fits: `3d`, `5h`, `12min`. */
export function formatAge(since: Date, now: Date = new Date()): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000));
  const [name, length] = units.find(([, length]) => seconds >= length) ?? ["s", 1];
  return `${Math.floor(seconds / length)}${name}`;
}

/** `2026-11-22 05:40 UTC`. */
export const formatTime = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
