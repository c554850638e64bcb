// The GraphiQL page that the server embeds and serves at `/`.
//
//   npm ci && npm run build    writes dist/ (git-ignored): index.html and hashed files under assets/
//   npm run dev                the page with live reload; /graphql, /schema.graphql and
//                              /pages/config.json come from a server on 127.0.0.1:8080
//   npm run check              types
//
// People paste tokens here, so everything is bundled: no script, style, font or worker comes
// from another origin, and index.html carries a Content-Security-Policy that forbids it.
// The examples are plain files in src/examples; src/examples.ts pairs them with variables.
// .npmrc keeps download addresses out of the lock file.
import { defineConfig } from 'vite'

const server = 'http://127.0.0.1:8080'

export default defineConfig({
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 4000, // Monaco is one large piece, and served from the same machine
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // "use client" in React libraries: of no meaning in a page without a server side
      onLog: (level, log, next) => void (log.code !== 'MODULE_LEVEL_DIRECTIVE' && next(level, log)),
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/graphql': server, '/schema.graphql': server, '/pages': server } },
})
