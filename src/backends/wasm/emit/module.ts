/**
 * Our own byte emitter for WebAssembly modules: one imported memory, imported functions, functions with code, exports.
 * Read `opcodes.ts` (the instructions), `code.ts` (expressions) and `function.ts` (statements) with it.
 *
 *     const module = new ModuleBuilder()
 *     module.function('twice', ['i32'], 'i32', (f, [x]) => f.return(op('i32.add', x, x)))
 *     const { twice } = instantiate(module, heap)
 */
import { type Func, type Local, localOf, type Type, type ValueType } from './code.ts'
import { list, name as named, sized, unsigned, Writer } from './encode.ts'
import { FunctionBuilder, typeCode } from './function.ts'

type Parameters<A extends readonly ValueType[]> = { [I in keyof A]: Local<A[I]> }

/** What the imported memory must be: its least and its greatest size. */
export interface MemoryImport {
  readonly pages: number
  readonly maximum: number
  /** Whether it is shared between threads. */
  readonly shared?: boolean
}

interface Defined extends Func {
  readonly body: FunctionBuilder
  readonly write: (f: FunctionBuilder) => void
  readonly exported: boolean
}

interface Imported extends Func {
  readonly value: (...given: number[]) => number
}

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const
const KIND = { function: 0, memory: 2 } as const

/** The module and name under which memory and functions are imported. */
const HOST = 'host'

export class ModuleBuilder {
  private readonly imported: Imported[] = []
  private readonly defined: Defined[] = []

  /** A JavaScript function of numbers as a function of the module; the same one is imported once. */
  import<const A extends readonly ValueType[], R extends ValueType>(
    name: string,
    params: A,
    result: R,
    value: (...given: number[]) => number,
  ): Func<A, R> {
    const known = this.imported.find((f) => f.value === value && f.result === result)
    if (known) return known as unknown as Func<A, R>
    const made = { name, params, result, value, index: -1 }
    this.imported.push(made)
    return made
  }

  /** A function that JavaScript sees under its name. */
  function<const A extends readonly ValueType[], R extends Type>(
    name: string,
    params: A,
    result: R,
    write: (f: FunctionBuilder, params: Parameters<A>) => void,
  ): Func<A, R> {
    return this.define(name, params, result, write, true)
  }

  /** A function for use within the module. */
  helper<const A extends readonly ValueType[], R extends Type>(
    name: string,
    params: A,
    result: R,
    write: (f: FunctionBuilder, params: Parameters<A>) => void,
  ): Func<A, R> {
    return this.define(name, params, result, write, false)
  }

  private define<A extends readonly ValueType[], R extends Type>(
    name: string,
    params: A,
    result: R,
    write: (f: FunctionBuilder, params: Parameters<A>) => void,
    exported: boolean,
  ): Func<A, R> {
    const body = new FunctionBuilder(params.length)
    const given = params.map((type, i) => localOf(type, i, `${i}`)) as Parameters<A>
    const made = { name, params, result, body, exported, index: -1, write: (f: FunctionBuilder) => write(f, given) }
    this.defined.push(made)
    made.write(body)
    return made
  }

  /** The values to import, by name. */
  imports(): Record<string, (...given: number[]) => number> {
    return Object.fromEntries(this.imported.map(({ name, value }) => [name, value]))
  }

  toBytes(memory: MemoryImport): Uint8Array<ArrayBuffer> {
    const all = [...this.imported, ...this.defined]
    all.forEach((f, i) => {
      f.index = i
    })
    const types = new Map<string, number>()
    const typeOf = ({ params, result }: Func): number[] => {
      const key = `${params}>${result}`
      if (!types.has(key)) types.set(key, types.size)
      return unsigned(types.get(key)!)
    }
    const limits = [memory.shared ? 3 : 1, ...unsigned(memory.pages), ...unsigned(memory.maximum)]
    const imports = [
      [...named(HOST), ...named('memory'), KIND.memory, ...limits],
      ...this.imported.map((f) => [...named(HOST), ...named(f.name), KIND.function, ...typeOf(f)]),
    ]
    const functions = this.defined.map(typeOf)
    const exported = this.defined.filter((f) => f.exported)
    const exports = exported.map((f) => [...named(f.name), KIND.function, ...unsigned(f.index)])
    const code = new Writer()
    code.unsigned(this.defined.length)
    for (const { body } of this.defined) body.encode(code)
    const out = new Writer()
    out.all(PREAMBLE)
    out.all(section(SECTION.type, [...types.keys()].map(encodeType)))
    out.all(section(SECTION.import, imports))
    out.all(section(SECTION.function, functions))
    out.all(section(SECTION.export, exports))
    out.byte(SECTION.code)
    out.unsigned(code.length)
    out.all(code.bytes)
    return out.bytes.slice()
  }

  /** The module as readable text, one instruction a line, for tests and for looking at. All is written once more. */
  toText(): string {
    const imports = this.imported.map((f) => `(import "${HOST}" "${f.name}" (func $${f.name}${signature(f)}))`)
    const functions = [...this.defined].flatMap((f) => {
      const body = new FunctionBuilder(f.params.length, 'text')
      f.write(body)
      return [`(func $${f.name}${signature(f)}`, ...body.print(), ')']
    })
    return [...imports, ...functions].join('\n')
  }
}

const section = (id: number, items: readonly (readonly number[])[]): number[] => [id, ...sized(list(items))]

function encodeType(key: string): number[] {
  const [params, result] = key.split('>')
  const codes = (types: readonly string[]) => list(types.map((type) => [typeCode[type as ValueType]]))
  return [0x60, ...codes(params === '' ? [] : params.split(',')), ...codes(result === 'none' ? [] : [result])]
}

const signature = ({ params, result }: Func): string =>
  params.map((type, i) => ` (param $${i} ${type})`).join('') + (result === 'none' ? '' : ` (result ${result})`)
