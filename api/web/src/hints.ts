// Why an answer may be empty: the usual slips, looked for in the text of the query.
import { bare, declared, names } from "./language";
import { things, type Knowledge, type Wording } from "./knowledge";

export interface Hint {
  text: string;
  /** A text that may be meant instead. */
  instead?: string;
}

/** What to say about a query that found nothing. */
export async function hints(query: string, known: Knowledge, say: Wording, language: string): Promise<Hint[]> {
  const found: Hint[] = [];
  const bound = { ...known.prefixes, ...Object.fromEntries(declared(query)) };
  const full = (name: string): string => (bound[name.slice(0, name.indexOf(":"))] ?? "") + name.slice(name.indexOf(":") + 1);
  const used = new Map(known.terms.map((term) => [term.iri, term]));

  if (/<http:\/\/schema\.org\//.test(query)) found.push({ text: say.say("wb.hint.schema") });
  if (/"[^"\n]*[０-９][^"\n]*"/.test(query)) found.push({ text: say.say("wb.hint.digits") });
  const tag = /"@([A-Za-z-]+)/.exec(query);
  if (tag && !["zh", "en"].includes(tag[1]!)) found.push({ text: say.say("wb.hint.tag", { tag: tag[1]! }) });

  for (const match of query.matchAll(/([A-Za-z][\w-]*:[A-Za-z][\w-]*)\s+"([^"\n]*)"(?!\^\^|@)/g)) {
    const term = used.get(full(match[1]!));
    if (term?.object) {
      const thing = (await things(match[2]!, language))[0];
      const instead = thing ? `<${thing.id}>` : undefined;
      found.push({ text: say.say("wb.hint.literal", { property: match[1]!, value: match[2]! }) + (thing ? ` ${thing.label}` : ""), instead });
    } else if (/[\p{Script=Han}]|[Ll]abel|title/u.test(match[0])) found.push({ text: say.say("wb.hint.language", { value: match[2]! }) });
  }
  for (const name of names(query)) {
    const iri = full(name);
    if (name.startsWith("zc:") && !used.has(iri)) {
      const near = [`${iri}s`, iri].map((each) => known.terms.find((term) => term.iri.toLowerCase() === each.toLowerCase())).find(Boolean);
      found.push({ text: say.say("wb.hint.unused", { name }), instead: near ? `zc:${near.iri.split("#")[1]}` : undefined });
    }
  }
  if (/\bGRAPH\b|\bFROM\b/i.test(bare(query))) found.push({ text: say.say("wb.hint.graph") });
  return found;
}
