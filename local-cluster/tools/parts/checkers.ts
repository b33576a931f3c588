import { versions } from "../../versions";
import type { Part } from "../part";
import { fromTools, github, type Platform } from "./platform";

function kubeconform({ os, arch }: Platform): Part {
  const base = github("yannh/kubeconform", `v${versions.kubeconform}`);
  return {
    name: "kubeconform",
    version: versions.kubeconform,
    files: ["kubeconform"],
    releases: [
      {
        url: `${base}/kubeconform-${os}-${arch}.tar.gz`,
        checksumUrl: `${base}/CHECKSUMS`,
        take: { kubeconform: "kubeconform" },
      },
    ],
    programs: [fromTools("kubeconform", "github.com/yannh/kubeconform/cmd/kubeconform")],
  };
}

/** It is built apart from the module `tools`: it needs kinds that the newest Kubernetes packages no longer have. */
function kubeScore({ os, arch }: Platform): Part {
  const base = github("zegl/kube-score", `v${versions.kubeScore}`);
  return {
    name: "kube-score",
    version: versions.kubeScore,
    files: ["kube-score"],
    releases: [
      {
        url: `${base}/kube-score_${versions.kubeScore}_${os}_${arch}`,
        checksumUrl: `${base}/checksums.txt`,
        take: "kube-score",
      },
    ],
    programs: [
      {
        module: "none",
        package: `github.com/zegl/kube-score/cmd/kube-score@v${versions.kubeScore}`,
        file: "kube-score",
      },
    ],
  };
}

/** It is built apart from the module `tools`, because the two share no dependency. */
function actionlint({ os, arch }: Platform): Part {
  const base = github("rhysd/actionlint", `v${versions.actionlint}`);
  const name = `actionlint_${versions.actionlint}`;
  return {
    name: "actionlint",
    version: versions.actionlint,
    files: ["actionlint"],
    releases: [
      {
        url: `${base}/${name}_${os}_${arch}.tar.gz`,
        checksumUrl: `${base}/${name}_checksums.txt`,
        take: { actionlint: "actionlint" },
      },
    ],
    programs: [
      {
        module: "none",
        package: `github.com/rhysd/actionlint/cmd/actionlint@v${versions.actionlint}`,
        file: "actionlint",
      },
    ],
  };
}

/** Its module still has the name of its first owner. It is built apart from the module `tools`, as actionlint is. */
function gitleaks({ os, arch }: Platform): Part {
  const base = github("gitleaks/gitleaks", `v${versions.gitleaks}`);
  const name = `gitleaks_${versions.gitleaks}`;
  return {
    name: "gitleaks",
    version: versions.gitleaks,
    files: ["gitleaks"],
    releases: [
      {
        url: `${base}/${name}_${os}_${arch === "amd64" ? "x64" : arch}.tar.gz`,
        checksumUrl: `${base}/${name}_checksums.txt`,
        take: { gitleaks: "gitleaks" },
      },
    ],
    programs: [
      {
        module: "none",
        package: `github.com/zricethezav/gitleaks/v8@v${versions.gitleaks}`,
        file: "gitleaks",
      },
    ],
  };
}

/** What the tests check manifests, workflows and the repository with. */
export const checkerParts = (platform: Platform): Part[] =>
  [kubeconform, kubeScore, actionlint, gitleaks].map((part) => part(platform));
