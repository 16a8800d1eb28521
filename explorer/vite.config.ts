/** Builds the page into dist-explorer/: the library comes from its public entry points in dist/, nothing from elsewhere. */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const dist = (entry: string) => fileURLToPath(new URL(`../dist/${entry}`, import.meta.url))

/** Modules are called after their classes, on screen as well. */
const rolldownOptions = { output: { keepNames: true } }

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^chainrule$/, replacement: dist('index.js') },
      { find: /^chainrule\/explain\/instrument$/, replacement: dist('explain/instrument/index.js') },
      { find: /^chainrule\/(nn|optim|data|explain)$/, replacement: dist('$1/index.js') },
    ],
  },
  worker: { format: 'es', rolldownOptions },
  build: {
    outDir: '../dist-explorer',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 900,
    rolldownOptions,
  },
})
