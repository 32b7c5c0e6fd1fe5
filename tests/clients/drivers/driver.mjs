// Lines of words from standard input, turned into one line each by Comunica and N3.js: "ok" and the answer, or "error" and what was thrown.
import { createInterface } from "node:readline";
import { QueryEngine } from "@comunica/query-sparql";
import { Parser, Writer } from "n3";

// The address of the service, or of several with blanks between them; "Basic" or "Bearer" and the token where it is asked with one.
const [addresses, scheme, token] = process.argv.slice(2);
const engine = new QueryEngine();
const sources = addresses.split(" ").map((address) => ({ type: "sparql", value: `${address}/sparql` }));
const destination = { type: "sparql", value: `${addresses.split(" ")[0]}/update` };
const authorised = {
  ...(scheme === "Basic" ? { httpAuth: `writer:${token}` } : {}),
  ...(scheme === "Bearer" ? { fetch: fetchWithToken } : {}),
};
const context = { sources, ...authorised, noCache: true };

/** What Comunica asks with where it has a token. */
function fetchWithToken(request, options = {}) {
  const headers = new Headers(options.headers);
  headers.set("Authorization", `Bearer ${token}`);
  return fetch(request, { ...options, headers });
}

/** The text of a stream of bytes. */
async function textOf(stream) {
  const parts = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("utf-8");
}

/** The answer to a query, written in a format. */
async function written(query, format) {
  const result = await engine.query(query, context);
  const { data } = await engine.resultToString(result, format);
  return textOf(data);
}

/** A text in one of the formats of N3.js, as N-Quads; what is not strictly of that format is an error. */
function parsed(format, baseIRI, text) {
  const writer = new Writer({ format: "N-Quads" });
  writer.addQuads(new Parser({ format, baseIRI }).parse(text));
  return new Promise((resolve, reject) => writer.end((error, result) => (error ? reject(error) : resolve(result))));
}

const ANSWERS = {
  select: (query) => written(query, "application/sparql-results+json"),
  construct: (query) => written(query, "application/n-triples"),
  describe: (query) => written(query, "application/n-triples"),
  ask: async (query) => String(await engine.queryBoolean(query, context)),
  update: async (update) => {
    await engine.queryVoid(update, { ...context, destination });
    return "";
  },
  parse: parsed,
};

for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...words] = line.split("\t").map((word) => decodeURIComponent(word.replaceAll("+", " ")));
  let kind = "ok";
  let text;
  try {
    text = await ANSWERS[command](...words);
  } catch (error) {
    kind = "error";
    text = String(error);
  }
  process.stdout.write(`${kind}\t${encodeURIComponent(text)}\n`);
}
