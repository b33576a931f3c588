import assert from "node:assert/strict";
import { findChecksum } from "../../../local-cluster/tools/checksum";

const a = "a".repeat(64);
const b = "b".repeat(64);

describe("published checksums", () => {
  it("reads a bare digest, whatever the file's name", () => {
    assert.deepEqual(findChecksum(`${a}\n`, "kubelet"), { algorithm: "sha256", digest: a });
    assert.deepEqual(findChecksum(a.toUpperCase(), "kubelet"), { algorithm: "sha256", digest: a });
  });

  it("finds a file among others, by its whole name", () => {
    assert.deepEqual(findChecksum(`${a}  tool.tgz.asc\n${b}  tool.tgz\n`, "tool.tgz"), {
      algorithm: "sha256",
      digest: b,
    });
    assert.equal(findChecksum(`${a}  other-tool.tgz\n`, "tool.tgz"), undefined);
  });

  it("reads names marked as binary, with a folder, and with Windows' line ends", () => {
    assert.deepEqual(findChecksum(`${a} *runc.arm64\r\n${b} *runc.amd64\r\n`, "runc.amd64"), {
      algorithm: "sha256",
      digest: b,
    });
    assert.deepEqual(findChecksum(`${a}  release/coredns.tgz\n`, "coredns.tgz"), { algorithm: "sha256", digest: a });
  });

  it("reads a signed list", () => {
    const text =
      `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${a}  runc.amd64\n-----BEGIN PGP ` +
      `SIGNATURE-----\n\niQIzBAEB\n`;
    assert.deepEqual(findChecksum(text, "runc.amd64"), { algorithm: "sha256", digest: a });
  });

  it("tells SHA-512 by its length", () => {
    assert.deepEqual(findChecksum(`${"c".repeat(128)}  tool\n`, "tool"), {
      algorithm: "sha512",
      digest: "c".repeat(128),
    });
  });

  it("finds nothing in what is no list, or in several bare digests", () => {
    for (const text of ["", "<html>log in</html>", "abc  tool", `${a}\n${b}\n`])
      assert.equal(findChecksum(text, "tool"), undefined);
  });
});
