// What is written in the workbench, kept in this browser as it is typed: through a reload, another language, a closed or crashed tab.
import { drop, names, store, stored } from "./storage";

/** The text of one tab. */
interface Draft {
  text: string;
  /** Whether a person wrote any of it, rather than a link or an example alone. */
  typed: boolean;
  /** The query that the address held. */
  given: string | null;
  at: string;
  /** The page that wrote it: a tab that was duplicated has two. */
  page: string;
}
export interface Kept {
  text: string;
  at: string;
}
/** What a page opens with. `aside` is a text of the person that gives way to it. */
export interface Opening {
  text: string | null;
  typed: boolean;
  run: boolean;
  aside: string | null;
}

const TAB = "zhengce.workbench.tab";
const STAY = "zhengce.workbench.stay";
const DRAFT = "zhengce.workbench.text.";
const KEPT = "zhengce.workbench.kept";
const MOST = 20;
const TABS = 10;

/** The text without its declarations and spaces: what tells two queries apart. */
export function core(text: string): string {
  return text.replace(/^\s*(PREFIX|BASE)\b.*$/gim, "").replace(/\s+/g, " ").trim();
}

/** The drafts of all tabs and the texts put aside; what the browser does not let us store is held as long as the page lives. */
export class Drafts {
  readonly #page = crypto.getRandomValues(new Uint32Array(2)).join("-");
  #tab: string;
  #seen: string;
  #unsaved: Kept[] | null = null;
  /** Whether the browser refused to store a text. */
  refused = false;

  constructor() {
    this.#tab = stored<string>("session", TAB) ?? this.#page;
    this.#seen = this.#own()?.page ?? "";
    store("session", TAB, this.#tab);
    for (const [name, draft] of this.#drafts().slice(TABS)) {
      // Of tabs long closed the texts are put aside, so that they do not pile up.
      if (draft.typed) this.keep(draft.text);
      if (!this.refused) drop("local", name);
    }
  }

  #own(): Draft | null {
    return stored<Draft>("local", DRAFT + this.#tab);
  }

  #drafts(): [string, Draft][] {
    const found = names("local", DRAFT).flatMap((name) => {
      const draft = stored<Draft>("local", name);
      return draft ? [[name, draft] as [string, Draft]] : [];
    });
    return found.sort((one, other) => other[1].at.localeCompare(one[1].at));
  }

  /** What to show first, given the query that the address holds. */
  opening(given: string | null): Opening {
    const own = this.#own();
    const stayed = returning();
    if (own && (given === null || (stayed && own.given === given))) {
      return { text: own.text, typed: own.typed, run: given !== null && core(own.text) === core(given), aside: null };
    }
    const before = own ?? this.#drafts().find(([, draft]) => draft.text.trim())?.[1] ?? null;
    if (given === null) return { text: before?.text ?? null, typed: before?.typed ?? false, run: false, aside: null };
    return { text: given, typed: false, run: true, aside: before?.typed && core(before.text) !== core(given) ? before.text : null };
  }

  /** Writes the text of this tab. */
  write(text: string, typed: boolean, given: string | null): void {
    const now = this.#own();
    if (now && now.page !== this.#page && now.page !== this.#seen) {
      // Another page writes under this name: the tab was duplicated.
      this.#tab = this.#page;
      store("session", TAB, this.#tab);
    }
    const draft: Draft = { text, typed, given, at: new Date().toISOString(), page: this.#page };
    this.refused = !store("local", DRAFT + this.#tab, draft);
  }

  /** The texts that gave way to others, newest first. */
  kept(): Kept[] {
    const read = this.#unsaved ?? stored<Kept[]>("local", KEPT);
    return Array.isArray(read) ? read : [];
  }

  /** Puts a text aside. */
  keep(text: string): void {
    if (!core(text)) return;
    const all = [{ text, at: new Date().toISOString() }, ...this.kept().filter((each) => core(each.text) !== core(text))].slice(0, MOST);
    const done = store("local", KEPT, all);
    this.#unsaved = done ? null : all;
    this.refused ||= !done;
  }

  forget(): void {
    this.#unsaved = null;
    drop("local", KEPT);
  }
}

/** To be called when the page leads to itself in another language: the text is to be the same there. */
export function stay(): void {
  store("session", STAY, true);
}

/** Whether this page is one that was here before: read anew, gone back to, or in another language. */
function returning(): boolean {
  const stayed = stored<boolean>("session", STAY) === true;
  drop("session", STAY);
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return stayed || entry?.type === "reload" || entry?.type === "back_forward";
}
