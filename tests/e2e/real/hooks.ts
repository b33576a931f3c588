// The services that take minutes to make are real here (fixture.ts).
process.env.TEST_REAL = "1";

export { mochaHooks } from "../hooks";
