// Which drawings an answer allows, and the charts they are: bars or lines of numbers, a network of things, the districts of Shanghai.
import type { Bars, Chart, Districts, Network } from "./charts";
import type { Knowledge } from "./knowledge";
import { columnsWhere, numberOf, type Answer, type Term } from "./results";
import { address, named, short } from "./table";

const BARS = 60;
const NODES = 300;
const LABELS = /[#/](prefLabel|label|title)$/;
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

export interface Choice {
  labels: number[];
  values: number[];
}

/** The columns that may name the marks of a chart, and those that hold their numbers. */
export function choice(answer: Answer): Choice {
  const values = columnsWhere(answer, (term) => numberOf(term) !== null);
  return { values, labels: answer.columns.map((_name, place) => place).filter((place) => !values.includes(place)) };
}

export function bars(answer: Answer, kind: "bar" | "line", label: number, value: number, known: Knowledge, language: string): Bars {
  const rows = answer.rows.slice(0, kind === "bar" ? BARS : 1000);
  return {
    kind,
    name: "zhengce",
    unit: answer.columns[value],
    horizontal: kind === "bar",
    categories: rows.map((row) => (row[label] ? text(row[label], known, language) : "")),
    series: [
      {
        name: answer.columns[value]!,
        values: rows.map((row) => {
          const href = row.find((term) => term?.type === "uri")?.value;
          return { value: numberOf(row[value]) ?? 0, href: href ? address(href, language) : null };
        }),
      },
    ],
  };
}

/** The network of a graph, or of the first two columns of things in the rows; nothing where there are none. */
export function network(answer: Answer, known: Knowledge, language: string): Network | null {
  const links = answer.graph ? triples(answer) : pairs(answer);
  if (!links.length) return null;
  const names = new Map<string, string>();
  const kinds = new Map<string, string>();
  for (const [subject, predicate, object] of answer.graph ? answer.rows : []) {
    if (object?.type === "literal" && LABELS.test(predicate!.value) && (object.language ?? language) === language) names.set(subject!.value, object.value);
    if (predicate?.value === TYPE) kinds.set(subject!.value, short(object!.value, known));
  }
  const degrees = new Map<string, number>();
  for (const [from, to] of links) for (const end of [from, to]) degrees.set(end, (degrees.get(end) ?? 0) + 1);
  const kept = new Set([...degrees].sort((one, other) => other[1] - one[1]).slice(0, NODES).map(([iri]) => iri));
  const weights = new Map<string, { from: string; to: string; weight: number; label?: string }>();
  for (const [from, to, label] of links) {
    if (!kept.has(from) || !kept.has(to)) continue;
    const key = `${from} ${to} ${label ?? ""}`;
    const edge = weights.get(key) ?? { from, to, weight: 0, label: label ? short(label, known) : undefined };
    edge.weight += 1;
    weights.set(key, edge);
  }
  const nodes = [...kept].map((iri) => ({
    id: iri,
    label: names.get(iri) ?? named(iri, known, language),
    size: degrees.get(iri),
    category: kinds.get(iri) ?? kindOf(iri),
    href: address(iri, language),
  }));
  return { kind: "network", name: "zhengce", nodes, edges: [...weights.values()], directed: answer.graph };
}

function triples(answer: Answer): [string, string, string?][] {
  return answer.rows.flatMap(([subject, predicate, object]) =>
    object && object.type !== "literal" && predicate!.value !== TYPE ? [[subject!.value, object.value, predicate!.value] as [string, string, string]] : [],
  );
}

function pairs(answer: Answer): [string, string, string?][] {
  const things = columnsWhere(answer, (term) => term.type === "uri");
  if (things.length < 2) return [];
  return answer.rows.flatMap((row) => (row[things[0]!] && row[things[1]!] ? [[row[things[0]!]!.value, row[things[1]!]!.value] as [string, string]] : []));
}

/** The districts in the rows: each with its number, or with how many rows it has. */
export function map(answer: Answer, known: Knowledge, language: string): Districts | null {
  const values = columnsWhere(answer, (term) => numberOf(term) !== null);
  const found = new Map<string, number>();
  for (const row of answer.rows) {
    const district = row.find((term) => term && known.districts[term.value]);
    if (!district) continue;
    found.set(district.value, (found.get(district.value) ?? 0) + (values.length ? (numberOf(row[values[0]!]) ?? 0) : 1));
  }
  if (!found.size) return null;
  const areas = Object.entries(known.districts).map(([iri, district]) => ({ ...district, value: found.get(iri) ?? 0, href: address(iri, language) }));
  return { kind: "map", name: "zhengce", unit: values.length ? answer.columns[values[0]!] : undefined, areas };
}

/** Whether a chart is to be drawn high. */
export function tall(chart: Chart): boolean {
  return chart.kind === "network" || chart.kind === "map" || (chart.kind === "bar" && chart.categories.length > 14);
}

function text(term: Term, known: Knowledge, language: string): string {
  return term.type === "uri" ? named(term.value, known, language) : term.value;
}

function kindOf(iri: string): string {
  const parts = iri.split("/id/")[1]?.split("/") ?? [];
  return parts.length > 1 ? parts[parts.length - 2]! : "";
}
