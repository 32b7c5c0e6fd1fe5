// The queries that were run in this browser, newest first. Kept on this machine only.

export interface Run {
  query: string;
  at: string;
  rows: number | null;
  seconds: number;
}

const KEY = "zhengce.workbench.history";
const MOST = 40;

export function runs(): Run[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(read) ? (read as Run[]) : [];
  } catch {
    return [];
  }
}

export function remember(run: Run): void {
  const kept = [run, ...runs().filter((each) => each.query !== run.query)].slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A full or forbidden storage only means that nothing is remembered.
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
