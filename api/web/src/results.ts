// What the endpoint answers, turned into one kind of table, whatever the form of the query.

export interface Term {
  type: "uri" | "literal" | "bnode" | "triple";
  value: string;
  language?: string;
  datatype?: string;
}
export interface Answer {
  columns: string[];
  rows: (Term | null)[][];
  boolean: boolean | null;
  /** Whether the rows are the triples of a graph. */
  graph: boolean;
  raw: string;
}

interface SparqlJson {
  head: { vars?: string[] };
  boolean?: boolean;
  results?: { bindings: Record<string, { type: string; value: unknown; "xml:lang"?: string; datatype?: string }>[] };
}

export function fromJson(raw: string): Answer {
  const read = JSON.parse(raw) as SparqlJson;
  const columns = read.head.vars ?? [];
  const rows = (read.results?.bindings ?? []).map((binding) => columns.map((column) => (binding[column] ? term(binding[column]) : null)));
  return { columns, rows, boolean: read.boolean ?? null, graph: false, raw };
}

function term(given: { type: string; value: unknown; "xml:lang"?: string; datatype?: string }): Term {
  if (given.type === "triple") return { type: "triple", value: JSON.stringify(given.value) };
  const type = given.type === "uri" || given.type === "bnode" ? given.type : "literal";
  return { type, value: String(given.value), language: given["xml:lang"], datatype: given.datatype };
}

const LINE = /^(<[^>]*>|_:\S+) <([^>]*)> (<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^<[^>]*>)?) \.$/;

export function fromTriples(raw: string): Answer {
  const rows: (Term | null)[][] = [];
  for (const line of raw.split("\n")) {
    const found = LINE.exec(line.trim());
    if (found) rows.push([written(found[1]!), { type: "uri", value: found[2]! }, written(found[3]!)]);
  }
  return { columns: ["subject", "predicate", "object"], rows, boolean: null, graph: true, raw };
}

function written(text: string): Term {
  if (text.startsWith("<")) return { type: "uri", value: unescaped(text.slice(1, -1)) };
  if (text.startsWith("_:")) return { type: "bnode", value: text.slice(2) };
  const found = /^"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?$/s.exec(text);
  return { type: "literal", value: unescaped(found?.[1] ?? text), language: found?.[2], datatype: found?.[3] };
}

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", '"': '"', "'": "'", "\\": "\\" };

function unescaped(text: string): string {
  return text.replace(/\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)/g, (_whole, four?: string, eight?: string, one?: string) =>
    one !== undefined ? (ESCAPES[one] ?? one) : String.fromCodePoint(parseInt((four ?? eight)!, 16)),
  );
}

const NUMBERS = /#(integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger)$/;

/** The number of a term, if it is one. */
export function numberOf(term: Term | null | undefined): number | null {
  if (!term || term.type !== "literal" || !term.datatype || !NUMBERS.test(term.datatype)) return null;
  const value = Number(term.value);
  return Number.isFinite(value) ? value : null;
}

/** The columns in which every bound term satisfies a condition, and one is bound. */
export function columnsWhere(answer: Answer, holds: (term: Term) => boolean): number[] {
  return answer.columns.map((_name, place) => place).filter((place) => {
    const bound = answer.rows.map((row) => row[place]).filter((each) => each !== null && each !== undefined);
    return bound.length > 0 && bound.every((each) => holds(each!));
  });
}
