// One question to the SPARQL endpoint of this site: as much of its answer as is wanted, or what the problem document says.
import { formOf } from "./language";
import type { Answer } from "./results";
import { read, type Bounds, type Cut } from "./stream";

/** What kept a question from being answered; `message` is empty where nobody said it in the language of the page. */
export class Problem extends Error {
  readonly status: number;
  readonly line: number | null;
  readonly column: number | null;
  constructor(message: string, status: number, line: number | null = null, column: number | null = null) {
    super(message);
    this.status = status;
    this.line = line;
    this.column = column;
  }
}

export interface Reply {
  answer: Answer;
  /** Why there is more than the answer here; null where it is whole. */
  cut: Cut | null;
  seconds: number;
  /** What the headers say of where the answer comes from. */
  snapshot: string;
  cached: boolean;
}

const LONGEST = 6000;

/** Asks in a format; a short query goes by GET, so that caches and ETags work. `seconds` lowers the limit of time, `evidence` asks for what each row rests on. */
export async function ask(query: string, accept: string, language: string, signal?: AbortSignal, seconds?: number, evidence = false): Promise<Response> {
  const limit = `${seconds ? `&timeout=${seconds}` : ""}${evidence ? "&evidence=1" : ""}`;
  const address = `/sparql?query=${encodeURIComponent(query)}${limit}`;
  const response =
    address.length < LONGEST
      ? await fetch(address, { headers: { Accept: accept }, signal })
      : await fetch(`/sparql?${limit.slice(1)}`, { method: "POST", headers: { Accept: accept, "Content-Type": "application/sparql-query" }, body: query, signal });
  if (!response.ok) throw await problem(response, language);
  return response;
}

/** Runs a query and reads its answer as far as the bounds allow; what is beyond them is given up, so that the service is free for others. */
export async function run(query: string, bounds: Bounds, language: string, controller: AbortController, evidence = false): Promise<Reply> {
  const form = formOf(query);
  const graph = form === "construct" || form === "describe";
  const started = performance.now();
  const response = await ask(query, graph ? "application/n-triples" : "application/sparql-results+json", language, controller.signal, undefined, evidence && form === "select");
  const { answer, cut } = await read(response, bounds, controller.signal);
  const seconds = (performance.now() - started) / 1000;
  if (cut) controller.abort();
  return {
    answer,
    cut,
    seconds,
    snapshot: response.headers.get("zhengce-snapshot") ?? "",
    cached: /hit/.test(response.headers.get("cache-status") ?? "") || Number(response.headers.get("age") ?? 0) > 0,
  };
}

/** Whether a pattern of an ASK holds; null where that takes longer than so many seconds. */
export async function holds(query: string, seconds: number, language: string): Promise<boolean | null> {
  try {
    const response = await ask(query, "application/sparql-results+json", language, AbortSignal.timeout(seconds * 2000), seconds);
    return ((await response.json()) as { boolean?: boolean }).boolean ?? null;
  } catch {
    return null;
  }
}

/** Where the whole answer is in a format; nothing where the query is too long for an address. */
export function addressOf(query: string, media: string): string | null {
  const address = `/sparql?${new URLSearchParams({ query, format: media })}`;
  return address.length < LONGEST ? address : null;
}

/** Lets the browser save the whole answer: as it comes, past the page, which never holds it. */
export function download(query: string, media: string, suffix: string): void {
  const address = addressOf(query, media);
  if (address) {
    const link = document.createElement("a");
    link.href = address;
    link.download = `zhengce.${suffix}`;
    link.click();
    return;
  }
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/sparql";
  form.target = "_blank";
  form.hidden = true;
  for (const [name, value] of Object.entries({ query, format: media })) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
  form.remove();
}

async function problem(response: Response, language: string): Promise<Problem> {
  const text = await response.text();
  try {
    const read = JSON.parse(text) as Record<string, unknown>;
    const detail = [read[`detail_${language}`], read.detail, read.title].find((said) => typeof said === "string" && said);
    const at = (name: string): number | null => (typeof read[name] === "number" ? read[name] : null);
    return new Problem(String(detail ?? ""), response.status, at("line"), at("column"));
  } catch {
    return new Problem("", response.status);
  }
}
