// What the page hands to the workbench: its wordings, our prefixes, the classes and properties in use, the questions of the catalogue.

export interface TermInfo {
  iri: string;
  kind: "class" | "property";
  count: number;
  zh: string;
  en: string;
  /** Whether the property leads to things rather than to text. */
  object: boolean;
}
export interface Question {
  name: string;
  title: string;
  section: string;
  query: string;
}
export interface Knowledge {
  prefixes: Record<string, string>;
  terms: TermInfo[];
  questions: Question[];
  /** The names of things, by what follows `/id/` in their IRIs. */
  names: Record<string, string>;
  /** GB/T 2260 codes and names of districts by IRI. */
  districts: Record<string, { code: string; label: string }>;
}

/** The wordings of the page, `{name}` filled in. */
export class Wording {
  readonly #words: Record<string, string>;
  constructor(words: Record<string, string>) {
    this.#words = words;
  }
  say(key: string, values: Record<string, string | number> = {}): string {
    const text = this.#words[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  }
}

/** A thing that the search of the site found by a name. */
export interface Thing {
  id: string;
  label: string;
  note: string;
}

export async function things(text: string, language: string): Promise<Thing[]> {
  const response = await fetch(`/search.json?q=${encodeURIComponent(text)}&limit=12${language === "en" ? "&lang=en" : ""}`);
  if (!response.ok) return [];
  return ((await response.json()) as { results: Thing[] }).results;
}
