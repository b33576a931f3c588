import { error, ok, stack, table, unknown, warning } from "../../preflight/cluster";
import { probe, seen } from "../nodes";

describe("preflight of OpenEBS LVM", () => {
  const lvm = stack({ lvm: { type: "openebs-lvm", volumeGroup: "data", default: true } });
  const make = "on the node, with a disk that holds nothing: vgcreate data DEVICE";
  table("openebs-lvm-volume-group", [
    {
      title: "unseen",
      stack: lvm,
      says: [unknown("only a probe pod can tell which nodes have the volume group data", probe)],
    },
    {
      title: "everywhere",
      stack: lvm,
      facts: { nodes: [seen("a", { volumeGroups: ["data"] })] },
      says: [ok("every node has the volume group data")],
    },
    {
      title: "on some",
      stack: lvm,
      facts: { nodes: [seen("a", { volumeGroups: ["data"] }), seen("b")] },
      says: [warning("the volume group data is on a and not on b, where no volume can be made", make)],
    },
    {
      title: "nowhere",
      stack: lvm,
      facts: { nodes: [seen("a", { volumeGroups: ["other"] })] },
      says: [error("no node has the volume group data", make)],
    },
  ]);

  const group = "the volume group data";
  const demanded = stack({ lvm: { type: "openebs-lvm", volumeGroup: "data", default: true, encrypted: true } });
  const unseen = (where: string) =>
    unknown(`it is not known whether ${group} on ${where} is encrypted, until a probe pod looks`, probe);
  table("openebs-lvm-encryption", [
    { title: "unseen, and nothing asked for", stack: lvm, says: [] },
    { title: "unseen", stack: demanded, says: [unseen("a")] },
    {
      title: "a group without volumes",
      stack: demanded,
      facts: { nodes: [seen("a", { volumeGroups: ["data"] }), seen("b", { volumeGroups: ["other"] })] },
      says: [unseen("a")],
    },
    {
      title: "on LUKS, and on a plain disk",
      stack: demanded,
      facts: {
        nodes: [
          seen("a", { volumeGroups: ["data"], encryptedGroups: { data: true } }),
          seen("b", { volumeGroups: ["data"], encryptedGroups: { data: false, other: true } }),
        ],
      },
      says: [
        ok(`${group} on a is encrypted`),
        error(
          `${group} on b is not encrypted, and cluster-storage:backends.lvm.encrypted asks for it: whoever takes the ` +
            "disk out reads the data",
          "make an encrypted disk beside it and move the volumes there: docs/at-rest.md",
        ),
      ],
    },
  ]);
});
