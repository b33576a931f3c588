import assert from "node:assert/strict";
import { memory, size } from "../../config/forms";

const faultOf = (form: typeof size, value: unknown) => form.safeParse(value).error?.issues[0]?.message;

describe("a quantity that the config doesn't take", () => {
  const sizes: [unknown, string][] = [
    [10, '"10" has no unit; did you mean 10Gi?'],
    ["1.5", '"1.5" has no unit; did you mean 1.5Gi?'],
    [10737418240, '"10737418240" has no unit; did you mean 10Gi?'],
    ["10000000000", '"10000000000" has no unit; did you mean 10G?'],
    [10737418241, '"10737418241" has no unit; did you mean 10241Mi?'],
    [10485760, '"10485760" has no unit; did you mean 10Mi?'],
    [65536, '"65536" has no unit; write a number with a unit (Ki, Mi, Gi, Ti), for instance 10Gi'],
    ["10GB", '"10GB" is not a size; did you mean 10G?'],
    ["10GiB", '"10GiB" is not a size; did you mean 10Gi?'],
    ["10gi", '"10gi" is not a size; did you mean 10Gi?'],
    ["10 Gi", '"10 Gi" is not a size; did you mean 10Gi?'],
    ["10g", '"10g" is not a size; did you mean 10Gi?'],
    ["1024kb", '"1024kb" is not a size; did you mean 1024k?'],
    ["10e9", '"10e9" has no unit; did you mean 10G?'],
    ["1Ei", '"1Ei" is not a size; did you mean 1024Pi?'],
    ["ten", '"ten" is not a size; write a number with a unit (Ki, Mi, Gi, Ti), for instance 10Gi'],
    ["0", 'must be greater than zero, not "0"; a size is for instance 10Gi'],
    ["0Gi", 'must be greater than zero, not "0Gi"; a size is for instance 10Gi'],
    ["-1Gi", '"-1Gi" is negative; a size is for instance 10Gi'],
  ];
  for (const [value, message] of sizes)
    it(`is answered with what it means: size ${JSON.stringify(value)}`, () =>
      assert.equal(faultOf(size, value), message));

  const amounts: [unknown, string][] = [
    [67108864, '"67108864" has no unit; did you mean 64Mi?'],
    [512, '"512" has no unit; did you mean 512Mi?'],
    ["512m", '"512m" is not a size; did you mean 512Mi?'],
    ["512MB", '"512MB" is not a size; did you mean 512M?'],
    ["1000000000", '"1000000000" has no unit; did you mean 1G?'],
  ];
  for (const [value, message] of amounts)
    it(`is answered with what it means: memory ${JSON.stringify(value)}`, () =>
      assert.equal(faultOf(memory, value), message));

  it("is none of these", () => {
    for (const value of ["1Gi", "1.5Gi", "64Mi", "10G", "1k", "1024Ki"]) assert.equal(faultOf(size, value), undefined);
  });
});
