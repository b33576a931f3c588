import { version } from "@pulumi/random/package.json";
import { serve } from "../protocol/server";
import { randomProvider } from "./provider";

serve(randomProvider(version));
