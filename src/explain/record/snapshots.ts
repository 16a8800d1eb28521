/**
 * What the elements of tensors were at some moment. The program goes on to change some of them in place (optimizers their
 * parameters, loops their buffers, hooks their gradients), during a recording or long after it, so that what is kept of a
 * tensor is a copy: one for each version of a storage, however many tensors look at it.
 */
import { fromArray, Storage, Tensor } from '../../tensor/index.ts'

interface Snapshot {
  readonly storage: Storage
  readonly version: number
  readonly copy: Tensor
}

export class Snapshots {
  readonly #tensors = new WeakMap<Tensor, Snapshot>()
  readonly #storages = new WeakMap<Storage, { readonly version: number; readonly copy: Storage }>()

  /** x as it is now; the same tensor until x changes. */
  of(x: Tensor): Tensor {
    const { storage } = x
    const known = this.#tensors.get(x)
    if (known?.storage === storage && known.version === storage.version) return known.copy
    const copy = this.#copyOf(x)
    copy.name = x.name
    this.#tensors.set(x, { storage, version: storage.version, copy })
    return copy
  }

  #copyOf(x: Tensor): Tensor {
    const { storage, shape, strides, offset, dtype } = x
    const known = this.#storages.get(storage)
    // Of data of which x is a small part (a batch), only that part is copied.
    if (known?.version !== storage.version && storage.buffer.length > x.size) return fromArray(x.data, shape, dtype)
    let copy = known?.version === storage.version ? known.copy : undefined
    if (!copy) {
      copy = new Storage(storage.buffer.slice())
      this.#storages.set(storage, { version: storage.version, copy })
    }
    return new Tensor(copy, shape, strides, offset, dtype)
  }
}
