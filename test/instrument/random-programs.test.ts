/**
 * Programs nobody thought of: statements drawn at random, nested in each other, with and without blocks, labels,
 * semicolons and line breaks. Many end in an error; that error must be the same, on the same line.
 */
import { parse } from 'acorn'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { runAll } from './run-programs.ts'

const variable = fc.constantFrom('a', 'b', 'c', 'd')
const label = fc.constantFrom('l', 'm')

/** Fills the gaps of a template with what is drawn for them. */
const text = ([first, ...rest]: TemplateStringsArray, ...gaps: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...gaps).map((drawn) => first + drawn.map((piece, i) => piece + rest[i]).join(''))

const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    variable,
    text`[${tie('pattern')}, ...${variable}]`,
    text`[, ${tie('pattern')} = ${variable}]`,
    text`{ ${variable}, x: ${tie('pattern')} = 1 }`,
    text`{ [${variable}]: ${tie('pattern')}, ...${variable} }`,
    text`[o.p, o[${variable}]]`,
  ),
}))

const { statement } = fc.letrec<{ expression: string; statement: string; body: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    variable,
    fc.constantFrom('1', '"xy"', 'null', '[1, 2, 3]', '{ x: 1, a: [2] }', 'o.get', 'o', 'this').map((e) => `(${e})`),
    text`${variable} = ${tie('expression')}`,
    text`(${variable} ${fc.constantFrom('+=', '??=', '||=', '*=')} ${tie('expression')})`,
    text`(${pattern} = ${tie('expression')})`,
    text`([${pattern}] = ${tie('expression')})`,
    text`o.${variable} = ${tie('expression')}`,
    text`f(${tie('expression')}, (${tie('expression')}))`,
    text`((${pattern}) => ${tie('expression')})(${tie('expression')})`,
    text`((${variable}) => ({ x: ${variable}, y: f(${tie('expression')}) }))([${tie('expression')}])`,
    text`(function ({ ${variable} } = {}) { ${tie('statement')} ; return ${tie('expression')} })(${tie('expression')})`,
    text`[...(function* (x) { yield x; ${tie('statement')} })(${tie('expression')})]`,
    text`await (async (x) => { ${tie('statement')} ; return x })(${tie('expression')})`,
    text`new (class { w = ${tie('expression')}; constructor(x) { this.x = x } })(${tie('expression')}).w`,
    text`(${tie('expression')}, ${tie('expression')})`,
    text`${variable}++`,
  ),
  statement: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text`print(${tie('expression')})`,
    text`${tie('expression')}`,
    text`let ${variable} = ${tie('expression')}, e = 1`,
    text`const ${pattern} = ${tie('expression')}`,
    text`var ${fc.constantFrom('v', '[v]', '{ v }')} = ${tie('expression')}`,
    text`if (${tie('expression')}) ${tie('body')} else ${tie('body')}`,
    text`for (${fc.constantFrom('const', 'let', 'var')} ${pattern} of [${tie('expression')}, ${variable}]) ${tie('body')}`,
    text`for (${pattern} of [${tie('expression')}]) ${tie('body')}`,
    text`for (const k in ${variable}) ${tie('body')}`,
    text`for (let i = 0, ${pattern} = ${variable}; i < 3; i++) ${tie('body')}`,
    text`${label}: for (let i = 0; i < 2; i += 1) ${tie('body')}`,
    text`while (fuel-- > 0) ${tie('body')}`,
    text`do ${tie('body')} while (fuel-- > 0)`,
    text`${fc.constantFrom('break', 'continue', 'return', 'break l', 'continue m', 'continue l')}`,
    text`${label}: ${tie('statement')}`,
    text`try { ${tie('statement')} } catch (e) { print(e.name) } finally { ${tie('statement')} }`,
    text`switch (${variable}) { case 1: ${tie('statement')}\n default: ${tie('statement')} }`,
    text`throw ${tie('expression')}`,
    text`print(where())`,
  ),
  body: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text`${tie('statement')};`,
    text`${tie('statement')}\n`,
    text`{ ${tie('statement')} }`,
    text`{ ${tie('statement')}\n${tie('statement')}; ${tie('statement')} }`,
    text`;`,
  ),
}))

const separator = fc.constantFrom('\n', ';\n', '; ', '\n;', ' // note\n', ' /* note\n */ ')
const program = fc
  .array(fc.tuple(statement, separator), { minLength: 1, maxLength: 8 })
  .map((lines) => `${opening}\n${lines.flat().join('')}`)

const opening = `let fuel = 50, a = 1, b = [1, [2], 3], c = { x: { x: 2 }, a: [4] }, d
const o = { n: 0, get get() { return ++this.n }, set p(x) { print('set', x) } }, f = (x, y) => (--fuel < 0 ? x : [y, x])
const where = () => /:(\\d+):\\d+\\)?$/m.exec(new Error().stack.split('\\n')[2])[1]`

/** Most texts that are drawn are no programs: a `break` outside of a loop, a variable declared twice. */
function isProgram(source: string): boolean {
  try {
    parse(source, { ecmaVersion: 'latest', sourceType: 'module' })
    return true
  } catch {
    return false
  }
}

/** V8 quotes the code around an error, which is other code here. */
const withoutWording = (line: string): string => line.replace(/^(thrown \w+: ).*( in line \d+)$/s, '$1$2')

it('programs drawn at random do the same when they are instrumented', () => {
  const drawn = fc.sample(program, { numRuns: 2500, seed: 1 }).filter(isProgram)
  expect(drawn.length).toBeGreaterThan(200)
  const outcomes = runAll(drawn.map((source, i) => ({ path: `${i}.js`, source })))
  for (const [i, { plain, silent, observed, open }] of outcomes.entries()) {
    const [a, b, c] = [plain, silent, observed].map((printed) => printed.map(withoutWording))
    expect({ silent: b, observed: c, open }, drawn[i]).toEqual({ silent: a, observed: a, open: 0 })
  }
  const finished = outcomes.filter(({ plain }) => !plain.at(-1)!.startsWith('thrown'))
  expect(finished.length).toBeGreaterThan(50)
}, 60_000)
