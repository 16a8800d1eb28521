/** What instrumented programs look like, which names they tell and from where, and what is said of wrong syntax. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { FormatError } from '../../errors/index.ts'
import { instrument } from './index.ts'
import { Lines } from './lines.ts'

const PRELUDE = /function \$\(\)\{.*?\}return \$\.f\}/

/** The code without the function that finds the observer. */
const woven = (source: string, path = 'a.js'): string => instrument(source, { path }).code.replace(PRELUDE, '')

/** `name line:column` of everything that is told. */
const names = (source: string, path = 'a.js'): string =>
  instrument(source, { path })
    .names.map(({ name, line, column }) => `${name} ${line}:${column}`)
    .join(', ')

describe('what is put into a program', () => {
  test.each([
    ['const z1 = w.mul(x)', 'const z1 = $().name(w.mul(x),"z1",1,7)'],
    [
      'let x = 1, y; x = x.relu(); x += 2',
      'let x = $().name(1,"x",1,5), y; x = $().name(x.relu(),"x",1,15); $().name(x += 2,"x",1,29)',
    ],
    ['const x = (1, 2), y = await z', 'const x = $().name((1, 2),"x",1,7), y = $().name(await z,"y",1,19)'],
    ['const f = () => 1, C = class {}', 'const f = () => 1, C = class {}'],
    [
      'const { values, indices: [i = 0, ...r] } = x.max(0)',
      'const { values, indices: [i = 0, ...r] } = x.max(0);$().name(values,"values",1,9);$().name(i,"i",1,27);$().name(r,"r",1,37);',
    ],
    ['export const { a } = f();', 'export const { a } = f();$().name(a,"a",1,16);'],
    [
      'if (c) var [a] = f(); else [b] = g()',
      'if (c) {var [a] = f();$().name(a,"a",1,13);} else {[b] = g();$().name(b,"b",1,29);}',
    ],
    ['f([a, b] = [b, a])', 'f([[a, b] = [b, a],$().name(a,"a",1,4),$().name(b,"b",1,7)][0])'],
    ['this.w = p.bias = 1', 'this.w = $().name(p.bias = $().name(1,"p.bias",1,10),"w",1,6)'],
    [
      'class A { w = f(); #b = 1; static c; [d] = 2; m = () => 1 }',
      'class A { w = $().name(f(),"w",1,11); #b = $().name(1,"#b",1,20); static c; [d] = 2; m = () => 1 }',
    ],
    [
      "function f(x, y) { 'use strict'; return x }",
      'function f(x, y) { \'use strict\'; $().name(x,"x",1,12);$().name(y,"y",1,15);return x }',
    ],
    ['const f = (x) => ({ x })', 'const f = (x) => ($().name(x,"x",1,12),({ x }))'],
    ['export default x.mul(2)', 'export default $().name(x.mul(2),"default",1,8)'],
    ['f({ w: g(), lr: 1, h, k: () => 1 })', 'f({ w: $().name(g(),"w",1,5), lr: 1, h, k: () => 1 })'],
    [
      'for (const x of xs) f(x)',
      '{$().loop(1,1);try{for (const x of xs) {$().iteration(1,1);$().name(x,"x",1,12);f(x)}}finally{$().endLoop(1,1)}}',
    ],
    [
      'a: while (b) { continue a }',
      '{$().loop(1,4);try{a: while (b) {$().iteration(1,4); continue a }}finally{$().endLoop(1,4)}}',
    ],
    ['import { f } from "g"; f(x).y()', 'import { f } from "g"; f(x).y()'],
  ])('%s', (source, expected) => expect(woven(source)).toBe(expected))

  it('stands on the first line, after a hashbang and directives, under a name that is free', () => {
    const lines = (source: string) => instrument(source, { path: 'a.js' }).code.split('\n')
    expect(lines('let a = 1\nb()')[0]).toMatch(/^function \$\(\)\{.*\}let a = /)
    expect(lines("#!/usr/bin/env node\n'use strict'\n/* c */ let a = 1")).toEqual([
      '#!/usr/bin/env node',
      "'use strict'",
      expect.stringMatching(/^\/\* c \*\/ function \$\(\)\{/),
    ])
    expect(lines('let $ = 1, $1 = "$2"')[0]).toContain('$ = $2().name(1,"$",1,5)')
    expect(instrument('f()', { path: 'a.js' }).code).toBe('f()')
  })

  it('calls members by what a reader calls them', () => {
    expect(names('this.a.b = 1; p.q[i] = 2; f().x = 3; super_[i + 1].y[0] = 4; this[k] = 5; a["b c"] = 6')).toBe(
      'a.b 1:6, p.q[i] 1:15, x 1:31, super_[i + 1].y[0] 1:38, this[k] 1:62, a["b c"] 1:75',
    )
    expect(names('f(a)[0] = 1; w[a_very_long_index_that_goes_on] = 2')).toBe('…[0] 1:1, w[…] 1:14')
  })

  it('tells places of the TypeScript, not of what is run', () => {
    const source = `const a: number = 1, b = \`\${a}\${a}\` as string, c = 2 as const
      let d: [a: string] = [b!], e = <number>c`
    expect(names(source, 'a.ts')).toBe('a 1:7, b 1:22, c 1:48, d 2:11, e 2:34')
    expect(names('class A { constructor(private readonly w: number, public b = 1) { f() } }', 'a.ts')).toBe(
      'w 1:40, b 1:58',
    )
    expect(names('enum E { A, B = 2 } const x = E.A', 'a.ts')).toBe('x 1:27')
  })
})

describe('places in stack traces', () => {
  it('lead back to the source', () => {
    const source = `const a = f(g(x)), b: T = \`\${a}\${b}\` as T; for (const y of h(1)) k<T>(y!, z)\n  throw q`
    const { code, original } = instrument(source, { path: 'a.ts' })
    const [before, after] = [new Lines(source), new Lines(code)]
    for (const word of ['f(g', 'g(x', 'x)', 'b}', 'h(1', 'k', 'z)', 'throw', 'q'])
      expect(original(after.position(code.lastIndexOf(word)))).toEqual(before.position(source.lastIndexOf(word)))
    expect(original({ line: 1, column: 20 }), 'what was put in leads to where it was put').toEqual({
      line: 1,
      column: 1,
    })
  })
})

describe('wrong syntax', () => {
  const message = (source: string, path: string): string => {
    try {
      instrument(source, { path })
    } catch (error) {
      if (error instanceof FormatError) return error.message
    }
    return 'no FormatError'
  }

  test.each([
    ['m.js', 'let a\nconst x = = 1', 'm.js:2:11: Unexpected token\n  2 | const x = = 1\n    |           ^'],
    ['m.ts', 'let a: number = = 1', 'm.ts:1:17: Unexpected token\n  1 | let a: number = = 1\n    |                 ^'],
    [
      'm.ts',
      'let b: T = 1 as T, class',
      "m.ts:1:20: Unexpected keyword 'class'\n  1 | let b: T = 1 as T, class\n    |                    ^",
    ],
    ['m.ts', 'f(`', 'm.ts:1:4: Unterminated template\n  1 | f(`\n    |    ^'],
    ['m.js', '\tif (\t', 'm.js:1:7: Unexpected token\n  1 | \tif (\n    | \t    \t^'],
    [
      'm.js',
      'let a; let a',
      "m.js:1:12: Identifier 'a' has already been declared\n  1 | let a; let a\n    |            ^",
    ],
    [
      'm.ts',
      'f()\nnamespace N {\n  export const a = 1\n}',
      'm.ts:2:1: a namespace with values cannot be observed; use a module instead\n  2 | namespace N {\n    | ^',
    ],
    [
      'm.ts',
      'const x: N = <div/>',
      'm.ts:1:18: Unexpected token, expected ">"\n  1 | const x: N = <div/>\n    |                  ^',
    ],
  ])('%s: %j', (path, source, expected) => expect(message(source, path)).toBe(expected))

  it('shows only a part of a long line', () => {
    expect(message(`${'a;'.repeat(500)} = 1`, 'm.js').split('\n')[1].length).toBeLessThan(110)
  })
  it('carries the place', () => {
    expect(() => instrument('x = = 1', { path: 'm.js' })).toThrow(
      expect.objectContaining({ name: 'FormatError', place: { path: 'm.js', line: 1, column: 5 } }),
    )
  })
  it('refuses options that do not exist', () => {
    expect(() => instrument('', { path: 'a.js', typeScript: true } as never)).toThrow("unknown option 'typeScript'")
  })
})

describe('the sources of this project', () => {
  const root = join(import.meta.dirname, '../../..')
  const files = ['src', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  )
  it('keep their lines, and every name stands where it is said to stand', () => {
    expect(files.length).toBeGreaterThan(100)
    for (const file of files) {
      const source = readFileSync(join(root, file), 'utf8')
      const { code, names: told } = instrument(source, { path: file })
      expect(code.split('\n').length, file).toBe(source.split('\n').length)
      const lines = new Lines(source)
      for (const { name, line, column } of told) {
        const [word] = /^#?[\w$]*/.exec(name)!
        expect(lines.at(line).slice(column - 1), file).toMatch(new RegExp(`^['"]?${word.replace('$', '\\$')}`))
      }
    }
  }, 60_000)
})
