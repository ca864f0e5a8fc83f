// DynamoDB on loopback by another hand than moto's: dynalite (Apache-2.0), and what it leaves out of what we ask.
// node dynalite.mjs NODE_MODULES; it prints its port, empties its tables at DELETE, and ends with its standard input.
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";

const require = createRequire(`${process.argv[2]}/x.js`);
const db = require("dynalite/db");

// In conditions, it takes two lists or maps for equal only where they are one object: they are compared deeply here.
const plain = (value) => JSON.parse(JSON.stringify(value ?? null));
const isNested = (value) => Boolean(value && (value.L || value.M));
const holds = (item, { type, args, ...rest }) => {
  switch (type) {
    case "and": return args.every((part) => holds(item, part));
    case "or": return args.some((part) => holds(item, part));
    case "not": return !holds(item, args[0]);
    case "=": case "<>": {
      const values = args.map((part) => (Array.isArray(part) ? db.mapPath(part, item) : part));
      if (values.some(isNested)) return isDeepStrictEqual(...values.map(plain)) === (type === "=");
    }
  }
  return db.matchesExprFilter(item, { type, args, ...rest });
};

// It does not know that a refused write gives back the item that stands there.
for (const action of ["putItem", "updateItem", "deleteItem"]) {
  require(`dynalite/validations/${action}`).types.ReturnValuesOnConditionCheckFailure = { type: "String", enum: ["ALL_OLD", "NONE"] };
}
db.checkConditional = (data, item) => {
  if (!data._condition || holds(item ?? {}, data._condition.expression)) return null;
  const body = { __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", message: "The conditional request failed" };
  if (item && data.ReturnValuesOnConditionCheckFailure === "ALL_OLD") body.Item = item;
  return Object.assign(new Error(body.message), { statusCode: 400, body });
};

let store;
const { create } = db;
db.create = (options) => (store = create(options));
const server = require("dynalite")({ createTableMs: 0 });
const [answer] = server.listeners("request");
server.removeAllListeners("request");
server.on("request", async (request, response) => {
  if (request.method !== "DELETE") return answer(request, response);
  await store.db.clear({ lt: "table" }); // « index-… » and « item-… », not the tables' own descriptions
  return response.end();
});
server.keepAliveTimeout = 0; // a test may think for longer than the five seconds that an idle connection is kept
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
