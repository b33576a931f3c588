import { appendFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { cachedImage } from "../../../local-cluster/images/cache";

/** A process of its own that makes an image: `DIRECTORY MILLISECONDS`. Says when it builds and what it got. */
const [directory = "", milliseconds = "0"] = process.argv.slice(2);

void cachedImage(
  directory,
  {
    name: "slow",
    from: "1",
    async build(scratch) {
      appendFileSync(`${scratch}/half`, "half");
      console.log("building");
      await delay(Number(milliseconds));
      return { name: "slow", version: "1", layers: [new Map()], settings: {} };
    },
  },
  (work) => work(),
).then(({ image }) => console.log(image));
