// One question to the SPARQL endpoint of this site: its answer, or what the problem document says.
import { formOf } from "./language";
import { fromJson, fromTriples, type Answer } from "./results";

export class Problem extends Error {
  readonly line: number | null;
  readonly column: number | null;
  constructor(message: string, line: number | null = null, column: number | null = null) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

export interface Reply {
  answer: Answer;
  seconds: number;
  /** What the headers say of where the answer comes from. */
  snapshot: string;
  cached: boolean;
}

const LONGEST = 6000;

/** Asks in a format; a short query goes by GET, so that caches and ETags work. */
export async function ask(query: string, accept: string, signal?: AbortSignal): Promise<Response> {
  const address = `/sparql?query=${encodeURIComponent(query)}`;
  const response =
    address.length < LONGEST
      ? await fetch(address, { headers: { Accept: accept }, signal })
      : await fetch("/sparql", { method: "POST", headers: { Accept: accept, "Content-Type": "application/sparql-query" }, body: query, signal });
  if (!response.ok) throw await problem(response);
  return response;
}

export async function run(query: string, signal: AbortSignal): Promise<Reply> {
  const form = formOf(query);
  const graph = form === "construct" || form === "describe";
  const started = performance.now();
  const response = await ask(query, graph ? "application/n-triples" : "application/sparql-results+json", signal);
  const raw = await response.text();
  const seconds = (performance.now() - started) / 1000;
  const triples = (response.headers.get("content-type") ?? "").startsWith("application/n-triples");
  return {
    answer: triples ? fromTriples(raw) : fromJson(raw),
    seconds,
    snapshot: response.headers.get("zhengce-snapshot") ?? "",
    cached: /hit/.test(response.headers.get("cache-status") ?? "") || Number(response.headers.get("age") ?? 0) > 0,
  };
}

async function problem(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const read = JSON.parse(text) as { title?: string; detail?: unknown; line?: number; column?: number };
    const detail = typeof read.detail === "string" ? read.detail : text;
    return new Problem(detail || read.title || String(response.status), read.line ?? null, read.column ?? null);
  } catch {
    return new Problem(`${response.status} ${response.statusText} ${text.slice(0, 300)}`.trim());
  }
}
