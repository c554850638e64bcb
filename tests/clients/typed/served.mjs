// What the server at LANPYA_URL says of its schema, as SDL in made/schema.graphql, for tools that take no address; and the
// proof that it is the committed contract, from which the Rust client is made.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';

const here = (path) => new URL(path, import.meta.url);
const answer = await fetch(process.env.LANPYA_URL, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: process.env.LANPYA_AUTHORIZATION },
  body: JSON.stringify({ query: getIntrospectionQuery({ specifiedByUrl: true }) }),
});
const { data } = await answer.json();
const sorted = (schema) => printSchema(lexicographicSortSchema(schema));
const served = sorted(buildClientSchema(data));
if (served !== sorted(buildSchema(readFileSync(here('../../../schema.graphql'), 'utf8')))) {
  throw new Error('schema.graphql is not what the server tells of itself');
}
// relay-compiler writes nothing anew that it finds as it was, its persisted documents neither.
for (const folder of ['made/relay/', 'made/persisted/', 'made/run/']) rmSync(here(folder), { recursive: true, force: true });
for (const folder of ['made/relay/', 'made/persisted/']) mkdirSync(here(folder), { recursive: true });
writeFileSync(here('made/relay-documents.json'), '{}\n');
writeFileSync(here('made/schema.graphql'), served);
// Relay's artifacts are imported without an ending, as bundlers and CommonJS take it.
writeFileSync(here('made/package.json'), '{ "type": "commonjs" }\n');
