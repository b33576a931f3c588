import { version } from "@pulumi/command/package.json";
import { serve } from "../protocol/server";
import { commandProvider } from "./provider";

serve(commandProvider(version));
