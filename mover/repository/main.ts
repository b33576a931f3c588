// The program that serves a volume as the repository of all backups: pods in any namespace and on any node reach it, as
// one user, by restic's own protocol. REPOSITORY_ACCEPTED says which passwords it takes.
import { repositoryServer } from "./server";

const {
  REPOSITORY_DIRECTORY: directory = "/repository",
  REPOSITORY_ACCEPTED = "",
  REPOSITORY_PORT = "8000",
} = process.env;
const server = repositoryServer({ directory, accepted: REPOSITORY_ACCEPTED.split(",") });

server.listen(Number(REPOSITORY_PORT), () => process.stdout.write(`serving ${directory}\n`));
process.once("SIGTERM", () => {
  // What is under way is finished.
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
