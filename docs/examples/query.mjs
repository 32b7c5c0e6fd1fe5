// 用 JavaScript 提问，不需要任何库（Node 22 以上，或浏览器）。 A question from JavaScript, without any library (Node 22 or newer, or a browser).
//   node query.mjs http://127.0.0.1:8000/sparql
const endpoint = process.argv[2] ?? "http://127.0.0.1:8000/sparql";
const query = `
  PREFIX zc: <https://w3id.org/zhengce/def#>
  SELECT ?number ?text WHERE {
    ?task a zc:Task ; zc:number ?number ; zc:text ?text ;
          zc:involvesIndustry <https://w3id.org/zhengce/id/industry/low-altitude-aviation> .
  }`;

const response = await fetch(endpoint, {
  method: "POST",
  headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json" },
  body: query,
});
if (!response.ok) {
  const problem = await response.json();
  throw new Error(`${response.status}: ${problem.detail_en}`);
}
const { results } = await response.json();
const rows = results.bindings.map(({ number, text }) => ({ number: Number(number.value), text: text.value }));
rows.sort((one, other) => one.number - other.number);
for (const { number, text } of rows) console.log(`${number}\t${text}`);
