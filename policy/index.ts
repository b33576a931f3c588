import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";

// Its version is that of package.json; levels and settings come from the policy config file.
new PolicyPack("cluster-storage", { policies: rules });
