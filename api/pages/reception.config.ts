// The reception page, served at /reception: dist/reception/ with reception.html, hashed files under assets/, the manifest
// and the service worker with the list of all of these. See vite.config.ts for GraphiQL, which is built first.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build, defineConfig, type Plugin } from 'vite'

const OUT = 'dist/reception'
const BASE = '/reception/'

const jsx = { runtime: 'automatic', importSource: 'preact' } as const

/** Every built file but the worker itself and the manifest, which is for the server; hashed names need no revision. */
function files(folder: string): { url: string; revision: string | null }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !['sw.js', 'documents.json'].includes(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => {
      const name = relative(folder, path).replaceAll('\\', '/')
      const revision = name.startsWith('assets/') ? null : createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)
      return { url: BASE + name, revision }
    })
}

/** Builds the service worker when everything it is to keep has been built. */
const serviceWorker = (): Plugin => ({
  name: 'lanpya-service-worker',
  apply: 'build',
  async closeBundle() {
    const built = await build({
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      define: { FILES: JSON.stringify(files(OUT)), 'process.env.NODE_ENV': '"production"' },
      build: { target: 'es2022', write: false, rolldownOptions: { input: 'src/reception/sw.ts', output: { format: 'iife' } } },
    })
    const output = [built].flat().flatMap((one) => ('output' in one ? one.output : []))
    const worker = output.find((one) => one.type === 'chunk')
    if (!worker) throw new Error('the service worker was not built')
    writeFileSync(join(OUT, 'sw.js'), worker.code)
  },
})

const server = 'http://127.0.0.1:8080'

export default defineConfig(({ command }) => ({
  base: command === 'build' ? BASE : '/',
  publicDir: 'src/reception/public',
  oxc: { jsx },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: { input: 'reception.html' },
  },
  plugins: [serviceWorker()],
  server: { proxy: { '/graphql': server, '/reception/config.json': server } },
}))
