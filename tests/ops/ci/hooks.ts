import { Bench } from "./command";
import { FakeGitHub } from "./fake-github";

/** Hands each test of the suite a bench and a GitHub of its own. */
export function eachWithGitHub(use: (made: { bench: Bench; github: FakeGitHub }) => void): void {
  let made: { bench: Bench; github: FakeGitHub };
  beforeEach(async () => {
    made = { bench: await Bench.make(), github: new FakeGitHub() };
    await made.github.start();
    use(made);
  });
  afterEach(async () => {
    await made.github.stop();
    await made.bench.remove();
  });
}
