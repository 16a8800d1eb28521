/**
 * Brings the working copy to the point where it can run: installs what is missing, compiles what is stale, and says
 * so in one line each. It runs before `npm start` and `npm test`, needs nothing but Node and npm, and does nothing
 * (in a few milliseconds) when there is nothing to do. Output of npm and tsc is shown only when they fail. With
 * `--explorer` it also builds the page of the explorer.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const LEAST_NODE = [20, 19]

/** What is compiled, in order: a later project imports the output of an earlier one. */
const projects = [
  { sources: 'src', config: 'tsconfig.json', output: 'dist' },
  { sources: 'examples', config: 'examples/tsconfig.json', output: 'dist-examples' },
]

/** The page, which is bundled out of its own sources and the compiled library. */
const page = { sources: 'explorer', config: 'explorer/tsconfig.json', output: 'dist-explorer' }

function stop(message) {
  console.error(message)
  process.exit(1)
}

/** Runs a command in the root of the repository; its output is shown, and everything stops, if it fails. */
function run(what, command, args, options = {}) {
  const started = performance.now()
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8', ...options })
  if (status !== 0) stop(`${stdout ?? ''}${stderr ?? ''}setup: ${what} failed${error ? `: ${error.message}` : ''}`)
  console.log(`setup: ${what} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return
  stop(`setup: this needs Node ${LEAST_NODE.join('.')} or later, and this is Node ${process.versions.node}`)
}

/** Whether every package of the lock file is there in its version; one for another platform may be absent. */
function isInstalled() {
  const installedLock = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installedLock)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedLock, 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true
    const found = installed[path]
    return found ? found.version === version && existsSync(join(root, path)) : optional === true
  })
}

/** No dependency needs its install script, so none is run. */
function install() {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
  const npm = process.env.npm_execpath ?? ''
  if (basename(npm) === 'npm-cli.js') run('installed the dependencies', process.execPath, [npm, ...args])
  else run('installed the dependencies', 'npm', args, { shell: process.platform === 'win32' })
}

/** A digest of names, sizes and times: unlike the newest time alone, it also notices a file that is gone. */
function fingerprint({ sources, config }, dependsOn) {
  const hash = createHash('sha256').update(dependsOn)
  const isSource = (name) => /(?<!\.test)\.(?:tsx?|css|html)$/.test(name)
  const files = readdirSync(join(root, sources), { recursive: true }).filter(isSource)
  const inputs = files.map((name) => join(root, sources, name))
  for (const file of [...inputs.sort(), join(root, 'tsconfig.json'), join(root, config), join(root, 'package.json')]) {
    const { size, mtimeMs } = statSync(file)
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return files.length > 0 ? hash.digest('hex') : undefined
}

/** Compiles a project unless its stamp says that this was done; returns the stamp. */
function compile(project, dependsOn) {
  const stamp = join(root, project.output, '.stamp')
  const wanted = fingerprint(project, dependsOn)
  if (wanted === undefined || (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted)) return wanted ?? dependsOn
  // from nothing, because a file whose source is gone must not stay, and an incremental compiler would not notice
  rmSync(join(root, project.output), { recursive: true, force: true })
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  run(`compiled ${project.sources}/ to ${project.output}/`, process.execPath, [
    tsc,
    '--project',
    project.config,
    '--incremental',
    'false',
  ])
  writeFileSync(stamp, wanted)
  return wanted
}

/** Bundles the page unless that was done since its sources or the library changed. */
function bundle(dependsOn) {
  const stamp = join(root, page.output, '.stamp')
  const wanted = fingerprint(page, dependsOn)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = ['build', '--config', join(page.sources, 'vite.config.ts'), '--logLevel', 'warn']
  run(`built the page in ${page.output}/`, process.execPath, [vite, ...args])
  writeFileSync(stamp, wanted)
}

checkNode()
if (!isInstalled()) install()
const [library] = projects
const compiled = compile(library, '')
for (const project of projects.slice(1)) compile(project, compiled)
if (process.argv.includes('--explorer')) bundle(compiled)
