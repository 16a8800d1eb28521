/** Builds the page into dist-explorer/: the library comes from its public entry points in dist/, nothing from elsewhere. */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { digits } from './digits-plugin.ts'
import { lean } from './lean.ts'

const dist = (entry: string) => fileURLToPath(new URL(`../dist/${entry}`, import.meta.url))

/** Modules are called after their classes, on screen as well; functions have names on screen only in the reader's code. */
const minified = (names: { readonly class: boolean; readonly function: boolean }) => ({
  output: { minify: { mangle: { keepNames: names }, compress: { keepNames: names } } },
})

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [react(), lean(), digits()],
  resolve: {
    alias: [
      { find: /^chainrule$/, replacement: dist('index.js') },
      { find: /^chainrule\/explain\/(draw|instrument)$/, replacement: dist('explain/$1/index.js') },
      { find: /^chainrule\/(nn|optim|data|explain)$/, replacement: dist('$1/index.js') },
    ],
  },
  worker: { format: 'es', rolldownOptions: minified({ class: true, function: true }) },
  build: {
    outDir: '../dist-explorer',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: minified({ class: true, function: false }),
  },
})
