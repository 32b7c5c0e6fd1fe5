// Completion in the editor: keywords, prefixes, variables, our classes and properties by either name, and things by any label.
import { snippetCompletion, type Completion, type CompletionContext, type CompletionResult, type CompletionSource } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { missing, shortened } from "./language";
import { things, type Knowledge, type TermInfo } from "./knowledge";

const KEYWORDS = (
  "SELECT DISTINCT CONSTRUCT ASK DESCRIBE WHERE FILTER OPTIONAL UNION MINUS GRAPH VALUES BIND SERVICE FROM NAMED PREFIX BASE ORDER GROUP BY HAVING " +
  "LIMIT OFFSET ASC DESC AS EXISTS NOT IN COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT STR LANG DATATYPE BOUND CONTAINS STRSTARTS STRENDS REGEX IF COALESCE " +
  "CONCAT REPLACE SUBSTR STRLEN LCASE UCASE YEAR NOW isIRI isLiteral UNDEF"
).split(" ");

const SNIPPETS = [
  snippetCompletion("FILTER(LANG(${name}) = \"zh\")", { label: "FILTER LANG zh", type: "keyword" }),
  snippetCompletion("OPTIONAL { ${} }", { label: "OPTIONAL { }", type: "keyword" }),
];

/** The sources of completion for a text that speaks of our graph. */
export function sources(known: Knowledge, language: string): CompletionSource[] {
  const terms = known.terms.map((term) => option(term, known, language));
  return [(context) => local(context, known, terms), (context) => named(context, known, language)];
}

function option(term: TermInfo, known: Knowledge, language: string): Completion {
  const written = shortened(term.iri, known.prefixes);
  const [first, second] = language === "en" ? [term.en, term.zh] : [term.zh, term.en];
  return {
    label: written,
    displayLabel: written,
    detail: first ? `${first} · ${term.count}` : String(term.count),
    info: [first, second].filter(Boolean).join(" · ") || undefined,
    type: term.kind,
    boost: Math.min(20, Math.log2(term.count + 1)) + (written.startsWith("zc:") ? 30 : 0),
    apply: (view: EditorView, _completion: Completion, from: number, to: number) => insert(view, written, from, to, known),
  };
}

function local(context: CompletionContext, known: Knowledge, terms: Completion[]): CompletionResult | null {
  const word = context.matchBefore(/[?$]\w*|[A-Za-z][\w-]*:?[\w-]*|:/);
  if (!word && (!context.explicit || context.matchBefore(/\p{Script=Han}/u))) return null;
  const from = word?.from ?? context.pos;
  const text = context.state.doc.toString();
  if (word && /^[?$]/.test(word.text)) {
    const others = new Set([...text.matchAll(/[?$](\w+)/g)].map((found) => found[1]!));
    others.delete(word.text.slice(1));
    return { from, options: [...others].sort().map((name) => ({ label: `?${name}`, type: "variable" })), validFor: /^[?$]\w*$/ };
  }
  const prefixes = Object.entries(known.prefixes).map(([prefix, space]) => ({ label: `${prefix}:`, detail: space, type: "namespace", boost: -5 }));
  const keywords = KEYWORDS.map((label) => ({ label, type: "keyword" }));
  return { from, options: [...terms, ...keywords, ...SNIPPETS, ...prefixes], validFor: /^[\w:-]*$/ };
}

/** Things and terms by what people call them: any Chinese, or a word after `@` or between `<` and `>`. */
async function named(context: CompletionContext, known: Knowledge, language: string): Promise<CompletionResult | null> {
  const word = context.matchBefore(/<?[\p{Script=Han}][\p{Script=Han}\w·（）()—-]*|<[a-z][a-z ]{2,}/u);
  if (!word) return null;
  const typed = word.text.replace(/^</, "");
  const found = await things(typed, language);
  const options = found.map((thing) => ({
    label: typed,
    displayLabel: thing.label,
    detail: thing.note,
    type: "constant",
    apply: (view: EditorView, _completion: Completion, from: number, to: number) => insert(view, `<${thing.id}>`, from, to, known),
  }));
  const terms = known.terms.filter((term) => term.zh.includes(typed) || term.en.toLowerCase().includes(typed.toLowerCase()));
  const ours = terms.slice(0, 20).map((term) => ({ ...option(term, known, language), label: typed, displayLabel: `${term.zh || term.en} ${shortened(term.iri, known.prefixes)}` }));
  return { from: word.from, options: [...ours, ...options], filter: false };
}

function insert(view: EditorView, written: string, from: number, to: number, known: Knowledge): void {
  view.dispatch({ changes: { from, to, insert: written }, selection: { anchor: from + written.length }, userEvent: "input.complete" });
  const lines = missing(view.state.doc.toString(), known.prefixes);
  if (lines) view.dispatch({ changes: { from: 0, insert: lines } });
}
