// What the workbench knows of a SPARQL text without a server: its form, its prefixes, the prefixes it lacks.

const STRINGS = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const IRIS = /<[^<>"{}|^`\\\s]*>/g;

/** The text without comments, strings and IRIs, with as many characters. */
export function bare(text: string): string {
  const blank = (found: string): string => " ".repeat(found.length);
  return text.replace(IRIS, blank).replace(STRINGS, blank).replace(/#[^\n]*/g, blank);
}

export type Form = "select" | "ask" | "construct" | "describe";

/** The form of a query, by its first keyword. */
export function formOf(text: string): Form | null {
  const found = /\b(select|ask|construct|describe)\b/i.exec(bare(text));
  return found ? (found[1]!.toLowerCase() as Form) : null;
}

/** The prefixes that a text declares. */
export function declared(text: string): Map<string, string> {
  const found = text.matchAll(/^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>/gim);
  return new Map([...found].map((match) => [match[1]!, match[2]!]));
}

/** The prefixed names of a text. */
export function names(text: string): string[] {
  const body = bare(text).replace(/^\s*(PREFIX|BASE)\b.*$/gim, "");
  return [...new Set([...body.matchAll(/(?<![\w?$:-])([A-Za-z][\w-]*):([A-Za-z_][\w-]*)/g)].map((match) => match[0]))];
}

/** The lines that declare those of our prefixes which a text uses and does not declare. */
export function missing(text: string, prefixes: Record<string, string>): string {
  const has = declared(text);
  const used = new Set(names(text).map((name) => name.slice(0, name.indexOf(":"))));
  return [...used].filter((prefix) => !has.has(prefix) && prefixes[prefix]).sort().map((prefix) => `PREFIX ${prefix}: <${prefixes[prefix]}>\n`).join("");
}

/** An IRI with one of the prefixes, or in brackets. */
export function shortened(iri: string, prefixes: Record<string, string>): string {
  for (const [prefix, space] of Object.entries(prefixes)) {
    const rest = iri.startsWith(space) ? iri.slice(space.length) : "";
    if (/^[A-Za-z_][\w-]*$/.test(rest)) return `${prefix}:${rest}`;
  }
  return `<${iri}>`;
}
