// The workbench: a query is written with help, run, stopped, shown as a table, a drawing or as sent, saved, remembered and shared.
import "./workbench.css";
import type { Chart } from "./charts";
import { write } from "./copy";
import { editorIn, type Editor } from "./editor";
import { ask, Problem, run, type Reply } from "./endpoint";
import { filters } from "./filter";
import { hints } from "./hints";
import { Wording, type Knowledge } from "./knowledge";
import { forget, remember, runs } from "./remembered";
import { save } from "./save";
import { table } from "./table";
import { bars, choice, map, network, tall } from "./views";

const FORMATS = {
  rows: [["CSV", "text/csv", "csv"], ["TSV", "text/tab-separated-values", "tsv"], ["JSON", "application/sparql-results+json", "json"], ["XML", "application/sparql-results+xml", "xml"]],
  graph: [["Turtle", "text/turtle", "ttl"], ["JSON-LD", "application/ld+json", "jsonld"], ["N-Triples", "application/n-triples", "nt"], ["RDF/XML", "application/rdf+xml", "rdf"]],
} as const;
const FIRST = `SELECT ?task ?number ?text WHERE {
  ?task a zc:Task ; zc:number ?number ; zc:position ?position ; zc:text ?text .
}
ORDER BY ?position
LIMIT 20
`;

const part = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
const say = new Wording(JSON.parse(part("wording").textContent ?? "{}") as Record<string, string>);

let running: AbortController | null = null;

async function start(): Promise<void> {
  const response = await fetch(`/workbench.json${language === "en" ? "?lang=en" : ""}`);
  const known = (await response.json()) as Knowledge;
  const editor = editorIn(part("editor"), known, language, say.say("wb.editor"), () => void execute(editor, known));
  editor.set(given(known) ?? FIRST);
  editor.prefixed();
  part("run").addEventListener("click", () => void execute(editor, known));
  part("stop").addEventListener("click", () => running?.abort());
  part("share").addEventListener("click", () => void share(editor));
  part("forget").addEventListener("click", () => (forget(), history(editor)));
  window.addEventListener("hashchange", () => {
    const text = given(known);
    if (text !== null && text !== editor.text()) editor.set(text);
  });
  examples(editor, known);
  history(editor);
  part("workbench").dataset.ready = "true";
  if (new URLSearchParams(location.search).has("query")) void execute(editor, known);
}

/** The query that the address holds, as itself or as the name of a question. */
function given(known: Knowledge): string | null {
  const hash = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B"));
  const asked = hash.get("query") ?? new URLSearchParams(location.search).get("query");
  const example = hash.get("example");
  return asked ?? known.questions.find((question) => question.name === example)?.query ?? null;
}

async function execute(editor: Editor, known: Knowledge): Promise<void> {
  running?.abort();
  const controller = new AbortController();
  running = controller;
  const query = editor.prefixed();
  editor.clear();
  busy(true);
  try {
    const reply = await run(query, controller.signal);
    status(reply);
    remember({ query, at: new Date().toISOString(), rows: reply.answer.boolean === null ? reply.answer.rows.length : null, seconds: reply.seconds });
    history(editor);
    await show(query, reply, known);
  } catch (error) {
    part("results").replaceChildren();
    if (controller.signal.aborted) part("status").textContent = say.say("wb.stopped");
    else fail(error, editor);
  } finally {
    if (running === controller) busy(false);
  }
}

function busy(on: boolean): void {
  part("stop").hidden = !on;
  part("workbench").setAttribute("aria-busy", String(on));
  if (on) {
    part("fault").hidden = true;
    part("status").textContent = say.say("wb.running");
  }
}

function fail(error: unknown, editor: Editor): void {
  const fault = part("fault");
  const message = error instanceof Error ? error.message : String(error);
  const place = error instanceof Problem && error.line && !new RegExp(`\\b${error.line}\\b`).test(message) ? say.say("wb.place", { line: error.line, column: error.column ?? 1 }) : "";
  fault.textContent = [place, message].filter(Boolean).join(" ");
  fault.hidden = false;
  part("status").textContent = "";
  if (error instanceof Problem && error.line) {
    editor.fault(error.line, error.column ?? 1, message);
    editor.focus();
  }
}

function status(reply: Reply): void {
  const { answer, seconds } = reply;
  const said = [
    answer.boolean === null ? say.say(answer.graph ? "wb.triples" : "wb.rows", { count: answer.rows.length }) : "",
    say.say("wb.seconds", { seconds: seconds < 10 ? seconds.toFixed(3) : seconds.toFixed(1) }),
    reply.snapshot || part("workbench").dataset.snapshot ? say.say("wb.snapshot", { name: reply.snapshot || part("workbench").dataset.snapshot! }) : "",
    say.say(reply.cached ? "wb.cached" : "wb.computed"),
  ];
  part("status").textContent = said.filter(Boolean).join(" · ");
}

interface View {
  key: string;
  make: (place: HTMLElement) => void | Promise<void>;
}

async function show(query: string, reply: Reply, known: Knowledge): Promise<void> {
  const { answer } = reply;
  const results = part("results");
  results.replaceChildren(saving(query, answer.graph));
  if (answer.boolean !== null) {
    const verdict = document.createElement("p");
    verdict.className = "verdict";
    verdict.textContent = say.say(answer.boolean ? "yes" : "no");
    results.prepend(verdict);
    return;
  }
  if (!answer.rows.length) return results.prepend(await empty(query, known));
  const views: View[] = [{ key: "wb.table", make: (place) => place.append(table(answer, known, say, language)) }];
  const columns = choice(answer);
  if (columns.values.length && columns.labels.length) views.push({ key: "wb.chart", make: (place) => charting(place, reply, known) });
  const links = network(answer, known, language);
  if (links) views.push({ key: "wb.graph", make: (place) => figure(place, links) });
  const areas = map(answer, known, language);
  if (areas) views.push({ key: "wb.map", make: (place) => figure(place, areas) });
  views.push({ key: "wb.raw", make: (place) => raw(place, answer.raw) });
  results.prepend(tabs(views));
}

/** Tabs after the ARIA practices: one is reached by Tab, the others by arrows. */
function tabs(views: View[]): HTMLElement {
  const whole = document.createElement("div");
  const list = document.createElement("div");
  list.className = "tabs";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", say.say("wb.results"));
  const panel = document.createElement("div");
  panel.setAttribute("role", "tabpanel");
  panel.id = "panel";
  whole.append(list, panel);
  const open = (index: number): void => {
    [...list.children].forEach((tab, place) => {
      tab.setAttribute("aria-selected", String(place === index));
      (tab as HTMLElement).tabIndex = place === index ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", list.children[index]!.id);
    panel.replaceChildren();
    void views[index]!.make(panel);
  };
  views.forEach((view, index) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.id = `tab-${view.key.slice(3)}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", "panel");
    tab.textContent = say.say(view.key);
    tab.addEventListener("click", () => open(index));
    list.append(tab);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (([...list.children].indexOf(event.target as Element) + step) + views.length) % views.length;
    open(next);
    (list.children[next] as HTMLElement).focus();
  });
  open(0);
  return whole;
}

function charting(place: HTMLElement, reply: Reply, known: Knowledge): void {
  const { answer } = reply;
  const { labels, values } = choice(answer);
  const kind = select("wb.chart.kind", [["bar", say.say("wb.chart.bar")], ["line", say.say("wb.chart.line")]]);
  const named = (places: number[]): [string, string][] => places.map((column) => [String(column), answer.columns[column]!]);
  const label = select("wb.chart.label", named(labels));
  const value = select("wb.chart.value", named(values));
  const canvas = document.createElement("div");
  const tools = document.createElement("div");
  tools.className = "tools small";
  tools.append(...[kind, label, value].map((each) => each.whole));
  place.append(tools, canvas);
  const redraw = (): void => {
    canvas.replaceChildren();
    void figure(canvas, bars(answer, kind.box.value as "bar" | "line", Number(label.box.value), Number(value.box.value), known, language));
  };
  for (const each of [kind, label, value]) each.box.addEventListener("change", redraw);
  redraw();
}

function select(key: string, options: [string, string][]): { whole: HTMLElement; box: HTMLSelectElement } {
  const whole = document.createElement("label");
  const box = document.createElement("select");
  box.append(...options.map(([value, text]) => new Option(text, value)));
  whole.append(`${say.say(key)} `, box);
  return { whole, box };
}

async function figure(place: HTMLElement, chart: Chart): Promise<void> {
  const whole = document.createElement("figure");
  whole.className = "chart";
  whole.dataset.saveSvg = say.say("chart.svg");
  whole.dataset.savePng = say.say("chart.png");
  const canvas = document.createElement("div");
  canvas.className = tall(chart) ? "canvas tall" : "canvas";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", say.say("wb.drawing"));
  whole.append(canvas);
  place.append(whole);
  const { draw } = await import("./figures");
  await draw(whole, canvas, chart);
}

function raw(place: HTMLElement, text: string): void {
  const whole = document.createElement("pre");
  whole.tabIndex = 0;
  whole.textContent = text.length > 500_000 ? `${text.slice(0, 500_000)}\n…` : text;
  place.append(whole);
}

function saving(query: string, graph: boolean): HTMLElement {
  const tools = document.createElement("div");
  tools.className = "tools small";
  for (const [name, media, suffix] of FORMATS[graph ? "graph" : "rows"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.format = suffix;
    button.textContent = say.say("wb.save", { format: name });
    button.addEventListener("click", () => void download(query, media, suffix));
    tools.append(button);
  }
  return tools;
}

async function download(query: string, media: string, suffix: string): Promise<void> {
  const response = await ask(query, media);
  const bytes = await response.arrayBuffer();
  save(bytes, `zhengce.${suffix}`, media);
}

async function empty(query: string, known: Knowledge): Promise<HTMLElement> {
  const whole = document.createElement("div");
  whole.className = "note";
  whole.id = "hints";
  whole.textContent = say.say("wb.empty");
  const list = document.createElement("ul");
  for (const hint of await hints(query, known, say, language)) {
    const item = document.createElement("li");
    item.append(hint.text);
    if (hint.instead) {
      const code = document.createElement("code");
      code.textContent = hint.instead;
      item.append(" ", code);
    }
    list.append(item);
  }
  if (list.children.length) whole.append(list);
  return whole;
}

async function share(editor: Editor): Promise<void> {
  const address = new URL(location.href);
  address.hash = `query=${encodeURIComponent(editor.text())}`;
  window.history.replaceState(null, "", address);
  await write(address.href);
  part("status").textContent = say.say("wb.shared");
}

function examples(editor: Editor, known: Knowledge): void {
  const list = part("examples");
  let section: HTMLElement | null = null;
  let before = "";
  for (const question of [...known.questions].sort((one, other) => one.section.localeCompare(other.section, language))) {
    if (question.section !== before || !section) {
      section = document.createElement("section");
      section.dataset.section = question.section;
      const heading = document.createElement("h3");
      heading.textContent = before = question.section;
      section.append(heading);
      list.append(section);
    }
    section.append(entry(question.title, "", `${question.title} ${question.name} ${question.section}`, () => editor.set(question.query)));
  }
  filters(document);
}

function history(editor: Editor): void {
  const list = part("history");
  list.replaceChildren(
    ...runs().map((past) => {
      const first = past.query.split("\n").find((line) => line.trim() && !/^\s*(PREFIX|BASE|#)/i.test(line)) ?? past.query;
      const note = `${new Date(past.at).toLocaleString(language)}${past.rows === null ? "" : ` · ${say.say("wb.rows", { count: past.rows })}`}`;
      return entry(first.trim().slice(0, 90), note, past.query, () => editor.set(past.query));
    }),
  );
  part("forget").hidden = !list.children.length;
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
