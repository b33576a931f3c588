// The program itself, with a larger catalogue.
const program = require("../../../main.cjs");
const { catalogue } = require("../../../services/catalogue");
const { scaledCatalogue } = require("../scaled");

module.exports = () => program(scaledCatalogue(catalogue, Number(process.env.BENCH_COPIES)));
