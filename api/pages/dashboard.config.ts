// The dashboard, served at /dashboard: dist/dashboard/ with dashboard.html and hashed files under assets/.
import { defineConfig } from 'vite'

const server = 'http://127.0.0.1:8080'

export default defineConfig(({ command }) => ({
  base: command === 'build' ? '/dashboard/' : '/',
  publicDir: 'src/dashboard/public',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } as const },
  build: {
    outDir: 'dist/dashboard',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: { input: 'dashboard.html' },
  },
  server: { proxy: { '/graphql': server, '/exports': server, '/dashboard/config.json': server } },
}))
