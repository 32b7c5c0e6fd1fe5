// The editor of the workbench. It lives in a shadow root, so that its styles are adopted sheets and need no exception in the CSP.
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sources } from "./completion";
import { missing } from "./language";
import type { Knowledge } from "./knowledge";

export interface Editor {
  text(): string;
  set(text: string): void;
  /** Declares those of our prefixes that the text uses, and gives the text. */
  prefixed(): string;
  fault(line: number, column: number, message: string): void;
  clear(): void;
  focus(): void;
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--red)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.local(tags.variableName), tags.variableName], color: "var(--theme)" },
  { tag: tags.atom, color: "var(--link)" },
  { tag: tags.standard(tags.variableName), color: "var(--platform)" },
  { tag: tags.meta, color: "var(--soft)" },
]);

const looks = EditorView.theme({
  "&": { backgroundColor: "var(--sheet)", color: "var(--ink)", fontSize: "0.92rem", border: "1px solid #8a8577" },
  "&.cm-focused": { outline: "2px solid var(--focus)" },
  ".cm-scroller": { fontFamily: "var(--code)", lineHeight: "1.55", maxHeight: "60vh" },
  ".cm-content, .cm-gutter": { minHeight: "15rem" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--faint)", color: "var(--soft)", borderRight: "1px solid var(--rule)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--faint) 60%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--link) 28%, transparent)" },
  ".cm-tooltip": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid #8a8577" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--red)", color: "var(--sheet)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected] .cm-completionDetail": { color: "var(--sheet)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--code)", maxHeight: "16rem" },
  ".cm-completionDetail": { color: "var(--soft)", fontStyle: "normal" },
  ".cm-completionInfo": { maxWidth: "22rem", fontFamily: "var(--hei)" },
  ".cm-panels": { backgroundColor: "var(--faint)", color: "var(--ink)" },
});

/** Makes the editor in an element; `run` is called by Ctrl-Enter, `changed` at each change with whether a person made it. */
export function editorIn(element: HTMLElement, known: Knowledge, language: string, label: string, run: () => void, changed: (own: boolean) => void): Editor {
  const root = element.attachShadow({ mode: "open" });
  const place = document.createElement("div");
  root.append(place);
  let own = true;
  const view = new EditorView({
    parent: place,
    root,
    state: EditorState.create({
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }])),
        Prec.high(keymap.of([{ key: "Tab", run: acceptCompletion }])),
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        search({ top: true }),
        highlightActiveLine(),
        highlightSelectionMatches(),
        StreamLanguage.define(sparql),
        syntaxHighlighting(colours),
        looks,
        EditorView.lineWrapping,
        EditorView.updateListener.of((update) => update.docChanged && changed(own)),
        EditorView.contentAttributes.of({ "aria-label": label }),
        autocompletion({ override: sources(known, language), maxRenderedOptions: 60 }),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...searchKeymap]),
      ],
    }),
  });
  const text = (): string => view.state.doc.toString();
  const put = (from: number, to: number, insert: string): void => {
    own = false;
    view.dispatch({ changes: { from, to, insert } });
    own = true;
  };
  return {
    text,
    set: (next) => put(0, view.state.doc.length, next),
    prefixed: () => {
      const lines = missing(text(), known.prefixes);
      if (lines) put(0, 0, lines);
      return text();
    },
    fault: (line, column, message) => {
      const at = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
      const from = Math.min(at.from + Math.max(0, column - 1), at.to);
      const to = view.state.wordAt(from)?.to ?? Math.min(from + 1, at.to);
      view.dispatch(setDiagnostics(view.state, [{ from: from === to ? Math.max(at.from, from - 1) : from, to, severity: "error", message }]));
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    },
    clear: () => view.dispatch(setDiagnostics(view.state, [])),
    focus: () => view.focus(),
  };
}
