// Writes, for each page, what it sends: every operation of its operations.graphql with the fragments it needs and nothing
// else, as documents.ts; and the same with their SHA-256 as a manifest (the form Apollo's tools write), which is built
// beside the page and which the server trusts. Part of `npm run build`.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parse, print, separateOperations, stripIgnoredCharacters } from 'graphql'

const write = (file, text) => {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
}

for (const page of ['reception', 'dashboard']) {
  const here = (path) => new URL(`src/${page}/${path}`, import.meta.url)
  const source = parse(readFileSync(here('operations.graphql'), 'utf8'))
  const operations = Object.entries(separateOperations(source)).map(([name, document]) => {
    const body = stripIgnoredCharacters(print(document))
    const { operation: type } = document.definitions.find(({ kind }) => kind === 'OperationDefinition')
    return { id: createHash('sha256').update(body).digest('hex'), name, type, body }
  })
  const constant = (name) => name.replace(/(?<=[a-z])[A-Z]/g, '_$&').toUpperCase()
  const lines = operations.map(({ name, body }) => `export const ${constant(name)} =\n  ${JSON.stringify(body)}\n`)
  write(here('documents.ts'), `// Written by documents.mjs from operations.graphql.\n${lines.join('')}`)
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations }
  write(here('public/documents.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}
