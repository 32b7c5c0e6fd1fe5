// Which part of a query finds nothing, and which parts have nothing to do with each other: by its parsed form and a few ASKs.
import sparqljs, { type Part, type Query, type Triple } from "sparqljs";
import { holds } from "./endpoint";

/** A part of a query to blame: none of it is in the graph, or nothing is left once it is added. */
export interface Culprit {
  text: string;
  alone: boolean;
}

const SECONDS = 2;
const MOST = 12;
const LONGEST = 240;

/** The part of a query that leaves it without an answer; null where none is, or where that cannot be said cheaply. */
export async function culprit(text: string, language: string): Promise<Culprit | null> {
  const query = parsed(text);
  const steps = query?.where ? stepsOf(query.where) : [];
  if (!query || !steps.length || steps.length > MOST) return null;
  const asks = (parts: Part[]): Promise<boolean | null> => holds(written(query, parts), SECONDS, language);
  const until = performance.now() + 3 * SECONDS * 1000;
  for (const step of steps.filter((each) => each.type === "bgp" || each.type === "graph" || each.type === "union" || each.type === "group")) {
    if ((await asks([step])) === false) return { text: inside(query, [step]), alone: true };
    if (performance.now() > until) return null;
  }
  for (let count = 1; count <= steps.length; count += 1) {
    const held = await asks(steps.slice(0, count));
    if (held === false) return { text: inside(query, [steps[count - 1]!]), alone: false };
    if (held === null || performance.now() > until) return null;
  }
  return null;
}

/** The parts of a query that share no variable with its first part, though each binds some: a join that was forgotten. */
export function apart(text: string): string | null {
  const query = parsed(text);
  const steps = (query?.where ? stepsOf(query.where) : []).map((step) => ({ step, names: new Set(variables(step)) })).filter(({ names }) => names.size);
  const joined = new Set(steps[0]?.names);
  let left = steps.slice(1);
  for (;;) {
    const near = left.filter(({ names }) => [...names].some((name) => joined.has(name)));
    if (!near.length) break;
    for (const { names } of near) names.forEach((name) => joined.add(name));
    left = left.filter((each) => !near.includes(each));
  }
  const lone = left.find(({ step }) => step.type === "bgp");
  return query && lone ? inside(query, [lone.step]) : null;
}

function parsed(text: string): Query | null {
  try {
    const query = new sparqljs.Parser({ sparqlStar: true }).parse(text);
    return query.type === "query" ? query : null;
  } catch {
    // What the engine reads and this parser does not is not explained.
    return null;
  }
}

/** The parts of a group that may empty it: each triple for itself, what filters and excludes at the end. */
function stepsOf(where: Part[]): Part[] {
  const flat = where.flatMap((part): Part[] => {
    if (part.type === "bgp") return (part.triples ?? []).map((triple) => ({ type: "bgp", triples: [triple] }));
    if (part.type === "group" && !(part.patterns ?? []).some((each) => each.type === "query" || each.type === "optional")) return stepsOf(part.patterns ?? []);
    return [part];
  });
  const last = (part: Part): boolean => part.type === "filter" || part.type === "minus";
  return [...flat.filter((part) => !last(part) && part.type !== "optional"), ...flat.filter(last)];
}

/** An ASK of these parts in the graphs that the query reads. */
function written(query: Query, where: Part[]): string {
  return new sparqljs.Generator().stringify({ type: "query", queryType: "ASK", prefixes: query.prefixes, base: query.base, from: query.from, where });
}

/** The parts as a query has them between its braces. */
function inside(query: Query, where: Part[]): string {
  const text = written({ ...query, from: undefined }, where);
  const body = text.slice(text.indexOf("{") + 1, text.lastIndexOf("}")).replace(/\s+/g, " ").trim();
  return body.length > LONGEST ? `${body.slice(0, LONGEST)} …` : body;
}

/** The names of the variables in a part, wherever they stand. */
function variables(part: Part | Triple | unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(variables);
  if (typeof part !== "object" || part === null) return [];
  const term = part as { termType?: string; value?: string };
  if (term.termType) return term.termType === "Variable" || term.termType === "BlankNode" ? [`${term.termType}${term.value}`] : term.termType === "Quad" ? Object.values(part).flatMap(variables) : [];
  return Object.values(part).flatMap(variables);
}
