// An answer read as it comes, up to so many rows and bytes: what is beyond them is not asked for any longer.
import { JSONParser } from "@streamparser/json";
import type { Evidence } from "./evidence";
import { bindingOf, tripleOf, type Answer, type Binding, type Term } from "./results";

/** As much of an answer as a page reads. */
export interface Bounds {
  rows: number;
  megabytes: number;
}
/** Why there is more than was read: a bound, the person, or a connection that broke off. */
export type Cut = "rows" | "size" | "stopped" | "broken";

/** As many characters of an answer are kept as they were sent. */
export const RAW = 500_000;
const MEGABYTE = 1_000_000;

/** Takes the bytes of an answer, gives its rows. */
interface Sink {
  answer: Answer;
  take(bytes: Uint8Array): void;
  /** Whether the answer came to its own end. */
  whole(): boolean;
}

/** The answer in a response, as far as the bounds allow. A failure before the first row is thrown; after it, it is a cut. */
export async function read(response: Response, bounds: Bounds, signal: AbortSignal): Promise<{ answer: Answer; cut: Cut | null }> {
  const triples = (response.headers.get("content-type") ?? "").startsWith("application/n-triples");
  const sink = triples ? triplesIn() : bindingsIn(bounds.rows);
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let bytes = 0;
  let cut: Cut | null = null;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (sink.answer.raw.length < RAW) sink.answer.raw = (sink.answer.raw + decoder.decode(value, { stream: true })).slice(0, RAW);
      sink.take(value);
      bytes += value.length;
      cut = sink.answer.rows.length > bounds.rows ? "rows" : bytes > bounds.megabytes * MEGABYTE ? "size" : null;
      if (cut) break;
    }
    if (!cut && !sink.whole()) cut = "broken";
  } catch (error) {
    if (!sink.answer.rows.length) throw error;
    cut = signal.aborted ? "stopped" : "broken";
  }
  if (cut) void reader.cancel().catch(() => undefined);
  sink.answer.rows.length = Math.min(sink.answer.rows.length, bounds.rows);
  return { answer: sink.answer, cut };
}

/** Results in JSON. Rows beyond `most` and one are dropped at once. */
function bindingsIn(most: number): Sink {
  const answer: Answer = { columns: [], rows: [], boolean: null, graph: false, raw: "" };
  const parser = new JSONParser({ paths: ["$.head", "$.boolean", "$.evidence", "$.results.bindings.*"], keepStack: false });
  parser.onValue = ({ value, key }) => {
    if (typeof key === "number") {
      if (answer.rows.length <= most) answer.rows.push(bindingOf(value as unknown as Binding, answer.columns));
    } else if (key === "head") answer.columns = (value as { vars?: string[] }).vars ?? [];
    else if (key === "evidence") answer.evidence = value as unknown as Evidence;
    else answer.boolean = value as boolean;
  };
  return { answer, take: (bytes) => parser.write(bytes), whole: () => parser.isEnded };
}

/** Triples, one a line. */
function triplesIn(): Sink {
  const answer: Answer = { columns: ["subject", "predicate", "object"], rows: [], boolean: null, graph: true, raw: "" };
  const decoder = new TextDecoder();
  let rest = "";
  return {
    answer,
    take: (bytes) => {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      answer.rows.push(...lines.map(tripleOf).filter((row): row is (Term | null)[] => row !== null));
    },
    whole: () => {
      const last = tripleOf(rest);
      if (last) answer.rows.push(last);
      return last !== null || !rest.trim();
    },
  };
}
