/**
 * House rules that the linter cannot state. The order of the folders is read from biome.json, so it stands once:
 * 1. every folder of src/ has its place in that order, and its override forbids exactly the folders after it;
 * 2. imports resolved to real paths respect the order, and none reaches back to the root `src/index.ts`;
 * 3. shared code never compares an op's name: it asks what an op is (`op.kind`), not what it is called.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const problems = []

const listing = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
const folders = listing.filter((entry) => entry.isDirectory() && entry.parentPath === join(root, 'src'))
const sources = listing
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
  .map((entry) => join(entry.parentPath, entry.name))

/** The folders in reading order, each checked against what its override forbids. */
function readOrder() {
  const { overrides } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))
  const entries = overrides.flatMap(({ includes, linter }) => {
    const folder = /^src\/([^/]+)\/\*\*$/.exec(includes[0])?.[1]
    const patterns = linter.rules.style?.noRestrictedImports?.options.patterns
    return folder && patterns ? [{ folder, forbidden: patterns.flatMap(({ group }) => group) }] : []
  })
  const order = entries.map(({ folder }) => folder)
  entries.forEach(({ folder, forbidden }, place) => {
    for (const later of order.slice(place + 1)) {
      if (!forbidden.includes(`**/${later}/**`)) problems.push(`biome.json: src/${folder} does not forbid src/${later}`)
    }
  })
  return order
}

/** Checks the relative imports of one source file against the order. */
function checkImports(file, text, order) {
  const [home] = relative(join(root, 'src'), file).split(sep)
  for (const [, specifier] of text.matchAll(/\b(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g)) {
    const [target] = relative(join(root, 'src'), resolve(dirname(file), specifier)).split(sep)
    if (target === '..') problems.push(`${shown(file)}: imports ${specifier}, which lies outside src/`)
    if (!order.includes(home)) continue
    if (target.endsWith('.ts')) problems.push(`${shown(file)}: imports ${specifier}; only what is above src/${home}`)
    if (order.indexOf(target) > order.indexOf(home)) {
      problems.push(`${shown(file)}: imports ${specifier}, but src/${target} comes after src/${home}`)
    }
  }
}

/** Finds `x.name === 'sigmoid'` and its kin where 'sigmoid' is an op. */
function checkNames(file, text, ops) {
  for (const [found, , name] of text.matchAll(/\.name\s*[!=]==\s*(['"])([\w-]+)\1/g)) {
    if (ops.has(name))
      problems.push(`${shown(file)}: \`${found}\`; ask op.kind or a property of the definition instead`)
  }
}

const shown = (file) => relative(root, file).split(sep).join('/')
const inOps = (file) => shown(file).startsWith('src/ops/')
const order = readOrder()
const ops = new Set(sources.filter(inOps).map((file) => file.slice(file.lastIndexOf(sep) + 1, -'.ts'.length)))

for (const { name } of folders) {
  if (!order.includes(name))
    problems.push(`src/${name}: has no place in the order of folders; give it one in biome.json`)
}
for (const file of sources) {
  const text = readFileSync(file, 'utf8')
  checkImports(file, text, order)
  if (!inOps(file)) checkNames(file, text, ops)
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log(`${sources.length} source files keep the order of the ${order.length} folders`)
