// Started as the program is: what is compared is what the two do.
require("../../../start.cjs");

module.exports = require("./index.ts");
