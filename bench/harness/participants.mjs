/**
 * Who takes part: Chainrule in each of its modes and every peer found on this machine, each as a command that measures one
 * workload. What cannot take part is named with the reason.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const bench = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const cores = availableParallelism()
const counts = cores > 1 ? [1, cores] : [1]
const python = '/usr/bin/python3'

export const families = ['chainrule', 'pytorch', 'tfjs', 'jaxjs']

const counted = (threads) => (threads === 1 ? '1 thread' : `${threads} threads`)
const onNode = (script, ...args) => [process.execPath, join(bench, script), ...args]

/** Chainrule's modes: as it stands, compiled with BLAS, compiled with nothing but WebAssembly. */
async function chainrule(report) {
  const { blasStatus, compile } = await import('../../dist/index.js')
  const blas = !('missing' in blasStatus())
  const found = []
  const add = (mode, threads, label, env) =>
    found.push({
      family: 'chainrule',
      mode,
      threads,
      label: `Chainrule ${label}`,
      command: onNode('chainrule.mjs', '--mode', mode === 'eager' ? 'eager' : 'compiled', '--threads', String(threads)),
      env,
      runs: () => true,
    })
  add('eager', 1, 'eager', {})
  if (compile === undefined) report('Chainrule runs eagerly only: this build has no compile')
  for (const threads of compile ? counts : []) {
    if (blas) add('blas', threads, `compiled, BLAS, ${counted(threads)}`, {})
    add('wasm', threads, `compiled, WebAssembly, ${counted(threads)}`, { CHAINRULE_BLAS: 'off' })
  }
  if (compile && !blas) report('Chainrule runs without BLAS: none was found')
  return found
}

/** OpenBLAS may take kernels for another processor than this one; PyTorch is run with the right ones as well. */
function wideVectors() {
  const info = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : ''
  return ['avx512f', 'avx512bw', 'avx512vl', 'avx512dq'].every((feature) => info.includes(` ${feature} `))
}

function pytorch(report) {
  const asked = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' })
  if (asked.status !== 0) {
    report('PyTorch is skipped: python3 cannot import torch (Debian: apt-get install python3-torch)')
    return []
  }
  const found = []
  const add = (threads, label, ...args) =>
    found.push({
      family: 'pytorch',
      mode: label === '' ? 'installed' : 'tuned',
      threads,
      label: `PyTorch ${asked.stdout.trim().split('a')[0]}, ${counted(threads)}${label}`,
      command: [python, join(bench, 'peers', 'pytorch.py'), '--threads', String(threads), ...args],
      env: {},
      runs: () => true,
    })
  for (const threads of counts) add(threads, '')
  if (!wideVectors()) return found
  const best = ['--coretype', 'SkylakeX', '--aten', 'avx512']
  for (const threads of counts) add(threads, ', AVX-512', ...best)
  add(cores, ', OpenBLAS detects', '--coretype', 'auto')
  const openmp = process.env.OPENMP_BLAS
  if (openmp) add(cores, ', AVX-512, OpenMP', ...best, '--blas', openmp)
  return found
}

/** Runs npm in this folder; false where it fails, as it does offline. */
function install(report) {
  if (existsSync(join(bench, 'node_modules', '.package-lock.json'))) return true
  report('installing TensorFlow.js and jax-js in bench/ (98 MB) ...')
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
  const npm = process.env.npm_execpath ?? ''
  const { status } =
    basename(npm) === 'npm-cli.js'
      ? spawnSync(process.execPath, [npm, ...args], { cwd: bench })
      : spawnSync('npm', args, { cwd: bench, shell: process.platform === 'win32' })
  if (status !== 0) report('TensorFlow.js and jax-js are skipped: npm could not install them; is there a network?')
  return status === 0
}

const tfjs = () => [
  {
    family: 'tfjs',
    mode: 'tuned',
    threads: 1,
    label: 'TensorFlow.js',
    command: onNode('peers/tfjs.mjs', '--tuned', '1'),
    env: {},
    // it has no forward mode, no Jacobian and no checkpoints
    runs: (workload) => !['W4-jvp', 'W4-jac', 'W7-ckpt'].includes(workload),
  },
]

const jaxjs = () =>
  counts.map((threads) => ({
    family: 'jaxjs',
    mode: 'tuned',
    threads,
    label: `jax-js, ${counted(threads)}`,
    command: onNode('peers/jaxjs.mjs', '--tuned', '1', '--workers', String(threads > 1 ? threads : 0)),
    env: {},
    // it has no checkpoints
    runs: (workload) => workload !== 'W7-ckpt',
  }))

/** Everyone of the wanted families who can take part. */
export async function assemble(wanted, report) {
  for (const family of wanted)
    if (!families.includes(family)) throw new Error(`there is no peer ${family}; known: ${families.join(', ')}`)
  const found = []
  if (wanted.includes('chainrule')) found.push(...(await chainrule(report)))
  if (wanted.includes('pytorch')) found.push(...pytorch(report))
  const scripted = wanted.filter((family) => family === 'tfjs' || family === 'jaxjs')
  if (scripted.length > 0 && install(report)) {
    if (scripted.includes('tfjs')) found.push(...tfjs())
    if (scripted.includes('jaxjs')) found.push(...jaxjs())
  }
  return found
}
