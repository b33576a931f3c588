import type { ListedPoint } from "../../model/backup";

/** A whole point of the service redis, whose id is filled up to restic's length. */
export const listedPoint = ({ id = "", ...more }: Partial<ListedPoint> = {}): ListedPoint => ({
  id: id.padEnd(64, "0"),
  at: "2026-03-01T02:00:00Z",
  bytes: 1,
  added: 1,
  stack: "project/dev",
  service: "redis",
  generation: "1",
  shrunk: false,
  ...more,
});
