import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";

// The pack's version is that of package.json. Levels and settings come from the policy config file.
new PolicyPack("cluster-storage", { policies: rules });
