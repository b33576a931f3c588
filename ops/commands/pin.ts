import * as path from "node:path";
import { UserError } from "../../model/user-error";
import { catalogueFiles, pinImages } from "../pin/images";
import { pinTools } from "../pin/tools";
import { checkout } from "../pulumi/project";
import { readArguments } from "../terminal/args";
import { main } from "../terminal/main";

/**
 * `npm run pin -- --tools | --images [FILE …]`: pins what is downloaded, and what the catalogue or the files name as
 * images, to digests. It asks the hosts that have it.
 */
async function run(argv: string[]): Promise<void> {
  const { options, operands } = readArguments(argv, { tools: true, images: true }, "FILE");
  if (!options.tools && !options.images)
    throw new UserError("say what to pin: npm run pin -- --tools, or --images; nothing was changed");
  if (operands.length > 0 && !options.images)
    throw new UserError(`only images stand in a file: npm run pin -- --images ${operands[0]}; nothing was changed`);
  const files = operands.map((file) => path.resolve(checkout, file));
  const lines = [
    ...(options.tools ? await pinTools(path.join(checkout, "local-cluster", "digests.json")) : []),
    ...(options.images ? await pinImages(files.length > 0 ? files : catalogueFiles()) : []),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

void main(run);
