// An answer as a table that grows on demand, sorts by a click on a head, and leads to the pages of things.
import { marks, type Notes } from "./evidence";
import { shortened } from "./language";
import type { Knowledge, Wording } from "./knowledge";
import { numberOf, type Answer, type Term } from "./results";

const STEP = 200;
const BASE = "https://w3id.org/zhengce/";

export function table(answer: Answer, known: Knowledge, say: Wording, language: string, notes?: Notes): HTMLElement {
  const places = new Map(answer.rows.map((row, place) => [row, place]));
  const whole = document.createElement("div");
  const scroll = document.createElement("div");
  scroll.className = "scroll";
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", say.say("wb.table"));
  const made = document.createElement("table");
  const head = made.createTHead().insertRow();
  const body = made.createTBody();
  scroll.append(made);
  whole.append(scroll);

  let rows = answer.rows;
  let shown = 0;
  const more = document.createElement("button");
  more.type = "button";
  const grow = (): void => {
    for (const row of rows.slice(shown, shown + STEP)) {
      const line = body.insertRow();
      for (const term of row) line.insertCell().append(...cell(term, known, language));
      if (notes) line.insertCell().append(...marks(notes, places.get(row)!, language));
      row.forEach((term, place) => numberOf(term) !== null && line.cells[place]!.classList.add("number"));
    }
    shown = Math.min(rows.length, shown + STEP);
    more.hidden = shown >= rows.length;
    more.textContent = say.say("wb.more", { shown, count: rows.length });
  };
  more.addEventListener("click", grow);

  answer.columns.forEach((column, place) => {
    const th = document.createElement("th");
    th.scope = "col";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.textContent = column;
    button.addEventListener("click", () => {
      const up = th.getAttribute("aria-sort") !== "ascending";
      for (const other of head.cells) other.removeAttribute("aria-sort");
      th.setAttribute("aria-sort", up ? "ascending" : "descending");
      rows = [...answer.rows].sort((one, other) => (up ? 1 : -1) * compare(one[place], other[place]));
      body.replaceChildren();
      shown = 0;
      grow();
    });
    th.append(button);
    head.append(th);
  });
  if (notes) {
    const th = document.createElement("th");
    th.scope = "col";
    th.textContent = say.say("wb.evidence.column");
    head.append(th);
  }
  grow();
  whole.append(more);
  return whole;
}

function compare(one: Term | null | undefined, other: Term | null | undefined): number {
  const [first, second] = [numberOf(one), numberOf(other)];
  if (first !== null && second !== null) return first - second;
  return (one?.value ?? "").localeCompare(other?.value ?? "", "zh");
}

/** A term as people read it. */
export function cell(term: Term | null, known: Knowledge, language: string): (Node | string)[] {
  if (!term) return [];
  if (term.type === "uri") {
    const link = document.createElement("a");
    link.href = address(term.value, language);
    link.textContent = short(term.value, known);
    link.title = term.value;
    const name = named(term.value, known, language);
    if (name === link.textContent || !term.value.startsWith(`${BASE}id/`)) return [link];
    const note = document.createElement("small");
    note.className = "soft";
    note.textContent = ` ${name}`;
    return [link, note];
  }
  if (term.type !== "literal" || !(term.language || (term.datatype && numberOf(term) === null))) return [term.value];
  const mark = document.createElement("small");
  mark.className = "soft";
  mark.textContent = term.language ? ` @${term.language}` : ` ${shortened(term.datatype!, known.prefixes)}`;
  return [term.value, mark];
}

/** Where this site shows an IRI of ours; any other leads where it says. */
export function address(iri: string, language: string): string {
  if (!iri.startsWith(BASE)) return /^https?:/.test(iri) ? iri : "#";
  const path = iri.slice(BASE.length - 1);
  if (language !== "en") return path;
  const [before, anchor] = path.split("#");
  return `${before}?lang=en${anchor ? `#${anchor}` : ""}`;
}

/** The name of a thing, or else its IRI as `short` writes it. */
export function named(iri: string, known: Knowledge, language: string): string {
  const key = iri.startsWith(`${BASE}id/`) ? iri.slice(`${BASE}id/`.length) : "";
  const part = /\/task\/([^/]+)(?:\/target\/(\d+))?$/.exec(key);
  if (part) {
    const [task, target] = language === "en" ? ["Task", "target"] : ["任务", "目标"];
    return `${task} ${part[1]}${part[2] ? ` · ${target} ${part[2]}` : ""}`;
  }
  return known.names[key] ?? short(iri, known);
}

/** An IRI with a prefix, or the end of one of our addresses. */
export function short(iri: string, known: Knowledge): string {
  const written = shortened(iri, known.prefixes);
  if (!written.startsWith("<")) return written;
  return iri.startsWith(`${BASE}id/`) ? iri.slice(`${BASE}id/`.length) : iri.replace(/^https?:\/\//, "");
}
