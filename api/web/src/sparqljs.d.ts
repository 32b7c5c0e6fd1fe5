// The parts of sparqljs that are used here: a query as a tree of plain objects, and its text again.
declare module "sparqljs" {
  export interface Triple {
    subject: unknown;
    predicate: unknown;
    object: unknown;
  }
  export interface Part {
    type: string;
    triples?: Triple[];
    patterns?: Part[];
  }
  export interface Query {
    type: string;
    queryType: string;
    prefixes: Record<string, string>;
    base?: string;
    from?: unknown;
    where?: Part[];
  }
  const sparqljs: {
    Parser: new (options?: { sparqlStar?: boolean }) => { parse(text: string): Query };
    Generator: new () => { stringify(query: Query): string };
  };
  export default sparqljs;
}
