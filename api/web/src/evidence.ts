// What the rows of an answer rest on: the facts of each row, gathered into numbered notes by the place of the text that states them.
import type { Wording } from "./knowledge";

type Said = { zh: string; en: string };

interface Quote {
  kind: string;
  quote?: string;
  passage?: string;
  start?: number;
  end?: number;
  offset?: number;
  line?: number;
  notice?: string | null;
  number?: string | null;
  heading?: string | null;
  within?: { label: Said }[];
  file?: string | null;
  graph?: string | null;
}
interface Told {
  triple: Record<"subject" | "predicate" | "object", { label: Said }>;
  status: string;
  evidence?: Quote | null;
  bases?: Quote[];
  premises?: Told[];
  node?: string;
  rule?: { label: Said };
  axiom?: { name: Said; text: { short: string } };
}
type Fact = Told & { number: number };
interface RowEvidence {
  notes: number[] | null;
  reason?: Said;
}
/** The member `evidence` of an answer, as docs/evidence.md has it. */
export interface Evidence {
  rows: RowEvidence[];
  notes: Fact[];
  examined: { short: string }[];
}

interface Note {
  number: number;
  facts: Fact[];
}
/** The notes of an answer, and those of each row; or why a row has none. */
export interface Notes {
  notes: Note[];
  rows: { numbers: number[]; reason?: Said }[];
  examined: string[];
}

const FACTS = 3;

/** The notes, counted as the rows come: what one place states is one note. */
export function notesOf(evidence: Evidence): Notes {
  const facts = new Map(evidence.notes.map((fact) => [fact.number, fact]));
  const known = new Map<string, Note>();
  const rows = evidence.rows.map((row) => {
    const numbers = new Set<number>();
    for (const number of row.notes ?? []) {
      const fact = facts.get(number)!;
      const key = placeOf(fact);
      const note = known.get(key) ?? { number: known.size + 1, facts: [] };
      known.set(key, note);
      if (!note.facts.includes(fact)) note.facts.push(fact);
      numbers.add(note.number);
    }
    return { numbers: [...numbers], reason: row.reason };
  });
  return { notes: [...known.values()], rows, examined: evidence.examined.map((each) => each.short) };
}

/** The numbers of the notes of a row, each a link to its note; or why it has none. */
export function marks(notes: Notes, row: number, language: string): (Node | string)[] {
  const of = notes.rows[row];
  if (!of) return [];
  if (of.reason) {
    const reason = document.createElement("small");
    reason.className = "soft";
    reason.textContent = of.reason[language as keyof Said];
    return [reason];
  }
  return of.numbers.flatMap((number) => {
    const link = document.createElement("a");
    link.href = `#note-${number}`;
    link.className = "mark";
    link.textContent = `[${number}]`;
    return [link, " "];
  });
}

/** The notes under the rows: how each states its facts, the words with their places, and the facts. */
export function listed(notes: Notes, say: Wording, language: string): HTMLElement {
  const whole = document.createElement("section");
  whole.id = "evidence-notes";
  const heading = document.createElement("h2");
  heading.textContent = say.say("wb.evidence.notes");
  const lead = document.createElement("p");
  lead.className = "soft small";
  lead.textContent = say.say("wb.evidence.lead");
  const list = document.createElement("ol");
  list.className = "notes";
  list.append(...notes.notes.map((note) => item(note, say, language)));
  whole.append(heading, lead);
  for (const pattern of notes.examined) {
    const line = document.createElement("p");
    const code = document.createElement("code");
    code.textContent = pattern;
    line.append(say.say("wb.evidence.examined"), " ", code);
    whole.append(line);
  }
  whole.append(list);
  return whole;
}

function item(note: Note, say: Wording, language: string): HTMLElement {
  const first = note.facts[0]!;
  const spoken = language as keyof Said;
  const made = document.createElement("li");
  made.id = `note-${note.number}`;
  made.append(small(say.say(`wb.evidence.${first.status}`)));
  const found = quotes(first);
  for (const quote of found) {
    const words = document.createElement("q");
    words.className = "evidence";
    words.lang = "zh-Hans";
    words.textContent = quote.quote ?? "";
    made.append(" ", words, " ", small(whereOf(quote, say, spoken)));
  }
  const source = first.evidence?.file ?? first.evidence?.graph;
  if (!found.length && source) made.append(" ", small(source));
  if (first.rule) made.append(" ", small(first.rule.label[spoken]));
  if (first.axiom) made.append(" ", small(`${first.axiom.name[spoken]}: ${first.axiom.text.short}`));
  const facts = document.createElement("ul");
  facts.className = "small";
  for (const fact of note.facts.slice(0, FACTS)) {
    const line = document.createElement("li");
    line.textContent = `${fact.triple.subject.label[spoken]} — ${fact.triple.predicate.label[spoken]} → ${fact.triple.object.label[spoken]}`;
    facts.append(line);
  }
  if (note.facts.length > FACTS) {
    const more = document.createElement("li");
    more.textContent = `… +${note.facts.length - FACTS}`;
    facts.append(more);
  }
  made.append(facts);
  return made;
}

/** The words that a fact rests on, each place once. */
function quotes(node: Told): Quote[] {
  const below = [...(node.bases ?? []), ...(node.evidence ? [node.evidence] : [])].filter((each) => each.kind === "quote" || each.kind === "passage");
  const all = [...below, ...(node.premises ?? []).flatMap(quotes)];
  return [...new Map(all.map((each) => [`${each.passage} ${each.start} ${each.end}`, each])).values()];
}

function whereOf(quote: Quote, say: Wording, language: keyof Said): string {
  const within = (quote.within ?? []).map((each) => each.label[language]);
  return [quote.number ?? "", ...within, quote.heading ?? "", say.say("wb.evidence.line", { line: quote.line ?? "" })].filter(Boolean).join(" · ");
}

/** What is one note: a place of a text, a reading, or a fact for itself. */
function placeOf(fact: Fact): string {
  const { status, evidence, node } = fact;
  if (status === "read") return `read ${node}`;
  if (status === "inferred" || status === "unproved" || !evidence) return `fact ${fact.number}`;
  if (status === "stated") return `stated ${evidence.notice} ${evidence.offset} ${evidence.quote}`;
  return `${status} ${evidence.graph} ${evidence.file}`;
}

function small(text: string): HTMLElement {
  const made = document.createElement("small");
  made.className = "soft";
  made.textContent = text;
  return made;
}
