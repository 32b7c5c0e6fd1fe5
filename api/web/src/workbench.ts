// The workbench: a query is written with help, kept as it is typed, run, stopped, shown, saved, remembered and shared.
import "./workbench.css";
import { saving, shown, verdict, type Showing } from "./answers";
import { write } from "./copy";
import { core, Drafts, stay } from "./drafts";
import { editorIn, type Editor } from "./editor";
import { Problem, run, type Reply } from "./endpoint";
import { filters } from "./filter";
import { Wording, type Knowledge } from "./knowledge";
import { BOUNDS, cutNote, emptyNote, faultOf } from "./notes";
import { forget, remember, runs } from "./remembered";
import type { Bounds } from "./stream";

const FIRST = `SELECT ?task ?number ?text WHERE {
  ?task a zc:Task ; zc:number ?number ; zc:position ?position ; zc:text ?text .
}
ORDER BY ?position
LIMIT 20
`;

const part = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
const say = new Wording(JSON.parse(part("wording").textContent ?? "{}") as Record<string, string>);
const drafts = new Drafts();

/** What the page is doing; one of it. */
interface Bench {
  editor: Editor;
  showing: Showing;
  /** Whether the text is, in part, one that a person wrote here. */
  typed: boolean;
  /** The query that the address holds. */
  given: string | null;
  running: AbortController | null;
  /** What is asked for while something runs: asking for the same again changes nothing. */
  asked: string;
}

async function start(): Promise<void> {
  const response = await fetch(`/workbench.json${language === "en" ? "?lang=en" : ""}`);
  const known = (await response.json()) as Knowledge;
  const bench = { showing: { known, say, language }, typed: false, given: given(known), running: null, asked: "" } as unknown as Bench;
  const opening = drafts.opening(bench.given);
  bench.editor = editorIn(part("editor"), known, language, say.say("wb.editor"), () => void execute(bench), (own) => changed(bench, own));
  bench.typed = opening.typed;
  bench.editor.set(opening.text ?? FIRST);
  bench.editor.prefixed();
  if (opening.aside) putAside(bench, opening.aside);
  part("run").addEventListener("click", () => void execute(bench));
  part("stop").addEventListener("click", () => bench.running?.abort());
  part("share").addEventListener("click", () => void share(bench));
  part("forget").addEventListener("click", () => (forget(), history(bench)));
  part("forget-kept").addEventListener("click", () => (drafts.forget(), kept(bench)));
  for (const link of document.querySelectorAll("a.language")) link.addEventListener("click", stay);
  window.addEventListener("hashchange", () => follow(bench));
  window.addEventListener("storage", () => (history(bench), kept(bench)));
  examples(bench);
  history(bench);
  kept(bench);
  part("workbench").dataset.ready = "true";
  if (opening.run && core(bench.editor.text())) void execute(bench);
}

/** The query that the address holds, as itself or as the name of a question. */
function given(known: Knowledge): string | null {
  const hash = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B"));
  const asked = hash.get("query") ?? new URLSearchParams(location.search).get("query");
  const example = hash.get("example");
  return asked ?? known.questions.find((question) => question.name === example)?.query ?? null;
}

/** The address changed while the page was open: its query is shown and run. */
function follow(bench: Bench): void {
  const text = given(bench.showing.known);
  if (text === null || text === bench.editor.text()) return;
  bench.given = text;
  replace(bench, text);
  if (core(text)) void execute(bench);
}

/** The text changed: it is written down at once. */
function changed(bench: Bench, own: boolean): void {
  bench.typed ||= own;
  const refused = drafts.refused;
  drafts.write(bench.editor.text(), bench.typed, bench.given);
  if (drafts.refused && !refused) part("unsaved").hidden = false;
}

/** Puts another text into the editor. What a person wrote there gives way, and can be had again. */
function replace(bench: Bench, text: string, typed = false): void {
  const before = bench.editor.text();
  if (bench.typed && core(before) && core(before) !== core(text)) putAside(bench, before);
  bench.typed = typed;
  bench.editor.set(text);
}

function putAside(bench: Bench, text: string): void {
  drafts.keep(text);
  kept(bench);
  part("aside").hidden = false;
  part("restore").onclick = () => {
    part("aside").hidden = true;
    replace(bench, text, true);
  };
}

async function execute(bench: Bench, bounds: Bounds = BOUNDS[0]!): Promise<void> {
  const query = bench.editor.prefixed();
  const proven = part<HTMLInputElement>("evidence").checked;
  const asked = JSON.stringify([query, bounds, proven]);
  if (bench.running && bench.asked === asked) return;
  bench.running?.abort();
  const controller = new AbortController();
  bench.running = controller;
  bench.asked = asked;
  bench.editor.clear();
  const ended = waiting();
  let said = "";
  try {
    const reply = await run(query, bounds, language, controller, proven);
    if (bench.running !== controller) return;
    said = status(reply);
    const { answer, cut, seconds } = reply;
    remember({ query, at: new Date().toISOString(), rows: answer.boolean === null ? answer.rows.length : null, more: cut !== null, seconds });
    history(bench);
    await show(bench, query, reply, bounds);
  } catch (error) {
    if (bench.running !== controller) return;
    if (controller.signal.aborted) said = say.say("wb.stopped");
    else fail(error, bench.editor);
    part("old").hidden = !part("results").children.length;
  } finally {
    if (bench.running === controller) {
      bench.running = null;
      ended(said);
    }
  }
}

/** While a query runs: its time, a button that stops it, and the rows before it in grey. Call what it gives to end this. */
function waiting(): (said: string) => void {
  clearInterval(Number(part("elapsed").dataset.timer));
  const began = performance.now();
  const tick = (): void => {
    part("elapsed").textContent = say.say("wb.seconds", { seconds: ((performance.now() - began) / 1000).toFixed(1) });
  };
  const timer = setInterval(tick, 100);
  part("elapsed").dataset.timer = String(timer);
  tick();
  busy(true);
  part("fault").hidden = true;
  part("status").textContent = say.say("wb.running");
  return (said) => {
    clearInterval(timer);
    busy(false);
    part("status").textContent = said;
  };
}

function busy(on: boolean): void {
  part("stop").hidden = !on;
  part("elapsed").hidden = !on;
  part("workbench").setAttribute("aria-busy", String(on));
  part("results").inert = on;
  part("results").classList.toggle("before", on);
}

function fail(error: unknown, editor: Editor): void {
  const fault = part("fault");
  fault.textContent = faultOf(error, say);
  fault.hidden = false;
  if (error instanceof Problem && error.line) {
    editor.fault(error.line, error.column ?? 1, error.message);
    editor.focus();
  }
}

function status(reply: Reply): string {
  const { answer, seconds, cut } = reply;
  const count = answer.rows.length.toLocaleString(language);
  const said = [
    answer.boolean === null ? say.say(`${answer.graph ? "wb.triples" : "wb.rows"}${cut ? ".cut" : ""}`, { count }) : "",
    say.say("wb.seconds", { seconds: seconds < 10 ? seconds.toFixed(3) : seconds.toFixed(1) }),
    reply.snapshot || part("workbench").dataset.snapshot ? say.say("wb.snapshot", { name: reply.snapshot || part("workbench").dataset.snapshot! }) : "",
    say.say(reply.cached ? "wb.cached" : "wb.computed"),
  ];
  return said.filter(Boolean).join(" · ");
}

async function show(bench: Bench, query: string, reply: Reply, bounds: Bounds): Promise<void> {
  const { answer, cut } = reply;
  const { showing } = bench;
  const made: HTMLElement[] = [];
  if (answer.boolean !== null) made.push(verdict(answer.boolean, say));
  else if (!answer.rows.length && !cut) made.push(await emptyNote(query, showing));
  else {
    if (cut) made.push(cutNote(query, reply, bounds, (more) => void again(bench, query, more), showing));
    if (answer.rows.length) made.push(shown(reply, showing));
  }
  part("old").hidden = true;
  part("results").replaceChildren(...made, saving(query, answer.graph, say));
}

/** The same query, of which more is read; a text that was changed since gives way. */
async function again(bench: Bench, query: string, bounds: Bounds): Promise<void> {
  if (bench.editor.text() !== query) replace(bench, query);
  await execute(bench, bounds);
}

async function share(bench: Bench): Promise<void> {
  const address = new URL(location.href);
  bench.given = bench.editor.text();
  address.search = language === "en" ? "?lang=en" : "";
  address.hash = `query=${encodeURIComponent(bench.given)}`;
  window.history.replaceState(null, "", address);
  changed(bench, false);
  await write(address.href);
  part("status").textContent = say.say("wb.shared");
}

function examples(bench: Bench): void {
  const list = part("examples");
  let section: HTMLElement | null = null;
  let before = "";
  for (const question of [...bench.showing.known.questions].sort((one, other) => one.section.localeCompare(other.section, language))) {
    if (question.section !== before || !section) {
      section = document.createElement("section");
      section.dataset.section = question.section;
      const heading = document.createElement("h3");
      heading.textContent = before = question.section;
      section.append(heading);
      list.append(section);
    }
    section.append(entry(question.title, "", `${question.title} ${question.name} ${question.section}`, () => replace(bench, question.query)));
  }
  filters(document);
}

function history(bench: Bench): void {
  const list = part("history");
  list.replaceChildren(
    ...runs().map((past) => {
      const rows = past.rows === null ? "" : ` · ${say.say(past.more ? "wb.rows.cut" : "wb.rows", { count: past.rows.toLocaleString(language) })}`;
      return entry(first(past.query), `${when(past.at)}${rows}`, past.query, () => replace(bench, past.query));
    }),
  );
  part("forget").hidden = !list.children.length;
}

/** The texts that gave way to others. */
function kept(bench: Bench): void {
  const list = part("kept");
  list.replaceChildren(...drafts.kept().map((each) => entry(first(each.text), when(each.at), each.text, () => replace(bench, each.text, true))));
  part("forget-kept").hidden = !list.children.length;
}

const when = (at: string): string => new Date(at).toLocaleString(language);

/** The first line of a query that says something. */
function first(query: string): string {
  const line = query.split("\n").find((each) => each.trim() && !/^\s*(PREFIX|BASE|#)/i.test(each)) ?? query;
  return line.trim().slice(0, 90);
}

function entry(text: string, note: string, words: string, act: () => void): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "entry";
  button.dataset.words = words;
  button.textContent = text;
  if (note) {
    const small = document.createElement("small");
    small.textContent = note;
    button.append(small);
  }
  button.addEventListener("click", act);
  return button;
}

void start();
