// The queries that were run in this browser, newest first. Kept on this machine only.
import { drop, store, stored } from "./storage";

export interface Run {
  query: string;
  at: string;
  rows: number | null;
  /** Whether there were more rows than were read. */
  more?: boolean;
  seconds: number;
}

const KEY = "zhengce.workbench.history";
const MOST = 40;

export function runs(): Run[] {
  const read = stored<Run[]>("local", KEY);
  return Array.isArray(read) ? read : [];
}

export function remember(run: Run): void {
  store("local", KEY, [run, ...runs().filter((each) => each.query !== run.query)].slice(0, MOST));
}

export function forget(): void {
  drop("local", KEY);
}
