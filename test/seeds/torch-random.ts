/**
 * The random numbers of `torch.manual_seed(n)` on a CPU in float32: `randn` of 16 or more elements, `randint`, and
 * what `nn.Linear` starts with. They let a network be compared with PyTorch's number by number.
 */
import { MersenneTwister } from '../../examples/seeds/numpy-random.ts'
import { type Tensor, tensor } from '../../src/index.ts'

const { fround } = Math

export class TorchRandom {
  private readonly twister: MersenneTwister

  constructor(seed: number) {
    this.twister = new MersenneTwister(seed)
  }

  /** 24 random bits as a number in [0, 1), scaled. */
  private uniform(from: number, to: number): number {
    const unit = (this.twister.uint32() & 0xffffff) / 2 ** 24
    return fround(fround(unit * fround(to - from)) + from)
  }

  /** The parameters of `nn.Linear(inputs, outputs)`: uniform within 1/√inputs. */
  linear(inputs: number, outputs: number): { weight: Tensor; bias: Tensor } {
    const bound = fround(1 / Math.sqrt(inputs))
    const draw = (size: number) => tensor(Float32Array.from({ length: size }, () => this.uniform(-bound, bound)))
    return { weight: draw(outputs * inputs).reshape([outputs, inputs]), bias: draw(outputs) }
  }

  /** Box and Muller's method on blocks of 16: cosines first, then sines. The size must be a multiple of 16. */
  randn(shape: readonly [number, number]): Tensor {
    const data = Float32Array.from({ length: shape[0] * shape[1] }, () => this.uniform(0, 1))
    for (let block = 0; block < data.length; block += 16) {
      for (let i = block; i < block + 8; i++) {
        const radius = Math.sqrt(-2 * Math.log(1 - data[i]))
        const angle = 2 * Math.PI * data[i + 8]
        data[i] = radius * Math.cos(angle)
        data[i + 8] = radius * Math.sin(angle)
      }
    }
    return tensor(data).reshape(shape)
  }

  /** `randint(0, high, [size])` as floats. */
  randint(high: number, size: number): Tensor {
    return tensor(Float32Array.from({ length: size }, () => this.twister.uint32() % high))
  }
}
