// What the endpoint answers, turned into one kind of table, whatever the form of the query.
import type { Evidence } from "./evidence";

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
  /** The beginning of what was sent. */
  raw: string;
  /** What the rows rest on, where that was asked for. */
  evidence?: Evidence;
}

export type Binding = Record<string, { type: string; value: unknown; "xml:lang"?: string; datatype?: string }>;

/** A row of results in JSON. */
export function bindingOf(binding: Binding, columns: string[]): (Term | null)[] {
  return columns.map((column) => (binding[column] ? term(binding[column]) : null));
}

function term(given: { type: string; value: unknown; "xml:lang"?: string; datatype?: string }): Term {
  if (given.type === "triple") return { type: "triple", value: JSON.stringify(given.value) };
  const type = given.type === "uri" || given.type === "bnode" ? given.type : "literal";
  return { type, value: String(given.value), language: given["xml:lang"], datatype: given.datatype };
}

const LINE = /^(<[^>]*>|_:\S+) <([^>]*)> (<<\(.*\)>>|<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^<[^>]*>)?) \.$/;

/** A line of N-Triples as a row. */
export function tripleOf(line: string): (Term | null)[] | null {
  const found = LINE.exec(line.trim());
  return found ? [written(found[1]!), { type: "uri", value: found[2]! }, written(found[3]!)] : null;
}

function written(text: string): Term {
  if (text.startsWith("<<(")) return { type: "triple", value: text };
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
