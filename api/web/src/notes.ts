// What is said of an answer that is not whole, or that is empty, in the language of the page.
import { FORMATS, saving, type Showing } from "./answers";
import { addressOf, Problem, type Reply } from "./endpoint";
import { hints } from "./hints";
import type { Wording } from "./knowledge";
import { formOf } from "./language";
import type { Bounds } from "./stream";

/** As much of an answer as is read at first, and as much as is read when more is wanted. */
export const BOUNDS: readonly Bounds[] = [
  { rows: 1000, megabytes: 8 },
  { rows: 10_000, megabytes: 32 },
];

/** That there is more than is shown, why, and how to have it: read on, or the whole as a file. */
export function cutNote(query: string, reply: Reply, bounds: Bounds, more: (bounds: Bounds) => void, showing: Showing): HTMLElement {
  const { say, language } = showing;
  const whole = note("cut");
  const count = reply.answer.rows.length.toLocaleString(language);
  const said = document.createElement("p");
  said.textContent = say.say(`wb.cut.${reply.cut}`, { count, megabytes: bounds.megabytes });
  whole.append(said);
  if (reply.cut === "rows" || reply.cut === "size") void explained(query, said, say);
  const ways = document.createElement("p");
  ways.className = "tools small";
  const next = BOUNDS[BOUNDS.indexOf(bounds) + 1];
  if (next && reply.cut !== "broken") {
    const button = document.createElement("button");
    button.type = "button";
    button.id = "more";
    button.textContent = say.say("wb.cut.on", { count: next.rows.toLocaleString(language) });
    button.addEventListener("click", () => more(next));
    ways.append(button);
  }
  ways.append(say.say("wb.cut.all"), ...links(query, reply.answer.graph, say));
  whole.append(ways);
  return whole;
}

/** A join that was forgotten is the usual reason for so many rows. */
async function explained(query: string, said: HTMLElement, say: Wording): Promise<void> {
  const { apart } = await import("./patterns");
  const lone = apart(query);
  if (!lone) return;
  const line = document.createElement("p");
  line.append(say.say("wb.cut.apart"), " ", code(lone));
  said.after(line);
}

function links(query: string, graph: boolean, say: Wording): (HTMLElement | string)[] {
  const made = FORMATS[graph ? "graph" : "rows"].flatMap(([name, media, suffix]): (HTMLElement | string)[] => {
    const address = addressOf(query, media);
    if (!address) return [];
    const link = document.createElement("a");
    link.href = address;
    link.download = `zhengce.${suffix}`;
    link.textContent = name;
    return [" ", link];
  });
  return made.length ? made : [saving(query, graph, say)];
}

/** Why there may be nothing: the part of the query that finds nothing, and the usual slips. */
export async function emptyNote(query: string, { known, say, language }: Showing): Promise<HTMLElement> {
  const whole = note("hints");
  const said = document.createElement("p");
  const form = formOf(query);
  said.textContent = say.say(form === "construct" || form === "describe" ? "wb.empty.graph" : "wb.empty");
  whole.append(said);
  const list = document.createElement("ul");
  whole.append(list);
  for (const hint of await hints(query, known, say, language)) {
    const item = document.createElement("li");
    item.append(hint.text);
    if (hint.instead) item.append(" ", code(hint.instead));
    list.append(item);
  }
  // Each part is asked for on its own; the page does not wait for it.
  void blamed(query, list, said, say, language);
  return whole;
}

async function blamed(query: string, list: HTMLElement, said: HTMLElement, say: Wording, language: string): Promise<void> {
  const { culprit } = await import("./patterns");
  const found = await culprit(query, language);
  if (found) {
    const item = document.createElement("li");
    item.id = "culprit";
    item.append(say.say(found.alone ? "wb.empty.alone" : "wb.empty.joined"), " ", code(found.text));
    list.prepend(item);
  } else if (!list.children.length) said.append(" ", say.say("wb.empty.unknown"));
  if (!list.children.length) list.remove();
}

/** What kept a query from being answered, as a sentence in the language of the page. */
export function faultOf(error: unknown, say: Wording): string {
  if (!(error instanceof Problem)) return `${say.say("wb.fault.network")} ${say.say("wb.fault.kept")}`;
  const { message, status, line } = error;
  if (line) return new RegExp(`\\b${line}\\b`).test(message) ? message : `${say.say("wb.place", { line, column: error.column ?? 1 })} ${message}`;
  const told = message || say.say(status === 504 ? "wb.fault.time" : status === 503 || status === 502 ? "wb.fault.busy" : "wb.fault.other", { status });
  return `${told} ${say.say("wb.fault.kept")}`;
}

function note(id: string): HTMLElement {
  const made = document.createElement("div");
  made.className = "note";
  made.id = id;
  return made;
}

function code(text: string): HTMLElement {
  const made = document.createElement("code");
  made.textContent = text;
  return made;
}
