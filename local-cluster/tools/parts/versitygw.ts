import { versions } from "../../versions";
import type { Part } from "../part";

/** An S3 server for a directory, by which tests prove backups to a bucket. */
export const versitygw: Part = {
  name: "versitygw",
  version: versions.versitygw,
  files: ["versitygw"],
  releases: [],
  programs: [
    {
      module: "none",
      package: `github.com/versity/versitygw/cmd/versitygw@v${versions.versitygw}`,
      file: "versitygw",
      tags: [],
    },
  ],
};
