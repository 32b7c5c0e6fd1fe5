// An answer on the page: said, cut where it is long, and as a table, a drawing, a map or as it was sent.
import type { Chart } from "./charts";
import { download, type Reply } from "./endpoint";
import { listed, notesOf } from "./evidence";
import type { Knowledge, Wording } from "./knowledge";
import { RAW } from "./stream";
import { table } from "./table";
import { bars, choice, map, network, tall } from "./views";

export const FORMATS = {
  rows: [["CSV", "text/csv", "csv"], ["TSV", "text/tab-separated-values", "tsv"], ["JSON", "application/sparql-results+json", "json"], ["XML", "application/sparql-results+xml", "xml"]],
  graph: [["Turtle", "text/turtle", "ttl"], ["JSON-LD", "application/ld+json", "jsonld"], ["N-Triples", "application/n-triples", "nt"], ["RDF/XML", "application/rdf+xml", "rdf"]],
} as const;

/** What an answer is shown with. */
export interface Showing {
  known: Knowledge;
  say: Wording;
  language: string;
}
interface View {
  key: string;
  make: (place: HTMLElement) => void | Promise<void>;
}

/** The views of an answer that has rows. */
export function shown(reply: Reply, showing: Showing): HTMLElement {
  const { answer } = reply;
  const { known, say, language } = showing;
  const notes = answer.evidence && notesOf(answer.evidence);
  const views: View[] = [{ key: "wb.table", make: (place) => place.append(table(answer, known, say, language, notes)) }];
  const columns = choice(answer);
  if (columns.values.length && columns.labels.length) views.push({ key: "wb.chart", make: (place) => charting(place, reply, showing) });
  const links = network(answer, known, language);
  if (links) views.push({ key: "wb.graph", make: (place) => figure(place, links, say) });
  const areas = map(answer, known, language);
  if (areas) views.push({ key: "wb.map", make: (place) => figure(place, areas, say) });
  views.push({ key: "wb.raw", make: (place) => raw(place, answer.raw, say) });
  if (!notes) return tabs(views, say);
  const whole = document.createElement("div");
  whole.append(tabs(views, say), listed(notes, say, language));
  return whole;
}

/** Yes or no. */
export function verdict(holds: boolean, say: Wording): HTMLElement {
  const made = document.createElement("p");
  made.className = "verdict";
  made.textContent = say.say(holds ? "yes" : "no");
  return made;
}

/** The buttons that save the whole answer. */
export function saving(query: string, graph: boolean, say: Wording): HTMLElement {
  const tools = document.createElement("div");
  tools.className = "tools small";
  tools.append(
    ...FORMATS[graph ? "graph" : "rows"].map(([name, media, suffix]) => {
      const made = document.createElement("button");
      made.type = "button";
      made.dataset.format = suffix;
      made.textContent = say.say("wb.save", { format: name });
      made.addEventListener("click", () => download(query, media, suffix));
      return made;
    }),
  );
  return tools;
}

/** Tabs after the ARIA practices: one is reached by Tab, the others by arrows. */
function tabs(views: View[], say: Wording): HTMLElement {
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

function charting(place: HTMLElement, reply: Reply, { known, say, language }: Showing): void {
  const { answer } = reply;
  const { labels, values } = choice(answer);
  const kind = select(say, "wb.chart.kind", [["bar", say.say("wb.chart.bar")], ["line", say.say("wb.chart.line")]]);
  const named = (places: number[]): [string, string][] => places.map((column) => [String(column), answer.columns[column]!]);
  const label = select(say, "wb.chart.label", named(labels));
  const value = select(say, "wb.chart.value", named(values));
  const canvas = document.createElement("div");
  const tools = document.createElement("div");
  tools.className = "tools small";
  tools.append(...[kind, label, value].map((each) => each.whole));
  place.append(tools, canvas);
  const redraw = (): void => {
    canvas.replaceChildren();
    void figure(canvas, bars(answer, kind.box.value as "bar" | "line", Number(label.box.value), Number(value.box.value), known, language), say);
  };
  for (const each of [kind, label, value]) each.box.addEventListener("change", redraw);
  redraw();
}

function select(say: Wording, key: string, options: [string, string][]): { whole: HTMLElement; box: HTMLSelectElement } {
  const whole = document.createElement("label");
  const box = document.createElement("select");
  box.append(...options.map(([value, text]) => new Option(text, value)));
  whole.append(`${say.say(key)} `, box);
  return { whole, box };
}

async function figure(place: HTMLElement, chart: Chart, say: Wording): Promise<void> {
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

function raw(place: HTMLElement, text: string, say: Wording): void {
  const whole = document.createElement("pre");
  whole.tabIndex = 0;
  whole.textContent = text;
  if (text.length >= RAW) {
    const note = document.createElement("p");
    note.className = "note";
    note.textContent = say.say("wb.raw.cut");
    place.append(note);
  }
  place.append(whole);
}
