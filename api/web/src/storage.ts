// The storage of the browser: kept on this machine only, and at times full, forbidden or empty.

type Place = "local" | "session";

const of = (place: Place): Storage => (place === "local" ? localStorage : sessionStorage);

function attempt<T>(act: () => T, otherwise: T): T {
  try {
    return act();
  } catch {
    return otherwise;
  }
}

/** What was stored under a name; nothing where that cannot be read. */
export function stored<T>(place: Place, name: string): T | null {
  return attempt(() => JSON.parse(of(place).getItem(name) ?? "null") as T | null, null);
}

/** Stores a value; false where the browser refuses. */
export function store(place: Place, name: string, value: unknown): boolean {
  return attempt(() => (of(place).setItem(name, JSON.stringify(value)), true), false);
}

export function drop(place: Place, name: string): void {
  attempt(() => of(place).removeItem(name), undefined);
}

/** The names that begin with a text. */
export function names(place: Place, beginning: string): string[] {
  return attempt(() => Object.keys(of(place)).filter((name) => name.startsWith(beginning)), []);
}
