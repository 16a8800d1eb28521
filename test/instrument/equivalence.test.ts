/**
 * An instrumented program does what the program does. Each of these runs three times: as it is, instrumented without
 * an observer, and instrumented with one that checks that loops are left as they are entered. What a program prints and
 * exports, what it throws and on which line must be the same.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runAll } from './run-programs.ts'

const folder = join(import.meta.dirname, 'fixtures')

/** Programs that an editor or git might change when they stand in a file. */
const delicate = {
  'a byte order mark.js': '\uFEFFconst a = 1\nprint(a)',
  'Windows lines.js':
    'const a = 1\r\nfor (const x of [a])\r\n  print(x)\r\nlet b\r\n;[b] = [2]\r\nprint(b, new Error().stack.match(/:(\\d+):\\d+/)[1])',
  'old Mac lines.js': 'const a = 1\rlet b = 2\rprint(a + b)\r;[b] = [a]\rprint(b)',
  'separators in strings.js': `const a = '\u2028', b = \`\u2029\`; print(a.length, b.length)`,
  'nothing at all.js': '',
  'a very deep tree.js': `let x = 1; x = ${Array(2000).fill('x').join('+')}; print(x); const y = [0]${'.map((v) => v + 1)'.repeat(1000)}; print(y)`,
}

const typed = {
  'types are erased.ts': `
    interface A { x: number } type B = A & { y: string }
    const a: B = { x: 1, y: 'z' } satisfies B
    let b = a as unknown as { x: number }; b = <any>a; print(a!.x, b)
    function f<T extends object>(this: void, x: T, y?: number): x is T { return y === undefined }
    print(f({}), f<A>({ x: 1 }, 2)); const g = <T,>(x: T): T => x; print(g<number>(3)); declare const nowhere: number
    abstract class S { abstract m(): void; protected q: number = 1; declare z: string }
    class T extends S {
      constructor(private readonly p: number, public r = 2) { super(); this.q = p }
      override m(): void { print(this.p, this.r, this.q) }
    }
    new T(5).m(); print(Object.keys(new T(1)))
    for (const x of [1, 2] as const) print(x satisfies number)
    const { h, i = 1 }: { h: number; i?: number } = { h: 3 }; print(h, i)
    function over(x: number): void; function over(x: string): void
    function over(x: unknown) { print(typeof x) } over('s'); let n!: number; n = 1; print(n)
    const later = async <T>(x: T): Promise<T> => x; print(await later<number>(1))`,
  'enums.ts': `
    enum Color { Red, Green = 'g', Blue = 1 << 3, Next } print(Color.Red, Color.Green, Color[8], Color.Next)
    const enum K { A = 1 } print(K.A); export enum E { X = Color.Blue } print(E)
    let c: Color = Color.Red; c = Color.Blue; print(c)`,
  'assertions at the end of a line.ts': `
    const a = [1]!
    const b = a as number[]
    print(b)
    let c: number
    c = b[0]!
    print(c)
    type X = 1
    print(<number>c)
    for (const x of b as number[]) print(x as number)`,
  'a loop over a namespace of types.ts': `
    namespace Types { export interface A { x: number } }
    for (const x of [{ x: 1 }] as Types.A[]) print(x)`,
}

const programs = [
  ...readdirSync(folder).map((path) => ({ path, source: readFileSync(join(folder, path), 'utf8') })),
  ...Object.entries({ ...delicate, ...typed }).map(([path, source]) => ({ path, source })),
]

describe('an instrumented program', () => {
  const outcomes = runAll(programs)
  it.each(programs.map(({ path }, i) => [path, outcomes[i]] as const))(
    'does the same: %s',
    (_, { plain, silent, observed, open }) => {
      expect(silent).toEqual(plain)
      expect(observed).toEqual(plain)
      expect(open).toBe(0)
    },
  )

  it('runs to its end, where it is not meant to throw, and prints something to be compared', () => {
    const named = programs.map(({ path }, i) => ({ path, plain: outcomes[i].plain }))
    const failed = named.filter(({ plain }) => plain.at(-1)!.startsWith('thrown'))
    expect(failed.map(({ path }) => path)).toEqual(['a-thrown-value.js', 'an-error-that-nobody-catches.js'])
    const quiet = named.filter(({ plain }) => plain.length < 2).map(({ path }) => path)
    expect(quiet).toEqual([
      'a-thrown-value.js',
      'an-error-that-nobody-catches.js',
      'only-a-comment.js',
      'nothing at all.js',
    ])
  })
})
