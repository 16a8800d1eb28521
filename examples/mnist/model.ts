/** The two networks. Both map pictures [n, 1, 28, 28] to ten logits. */
import * as nn from 'chainrule/nn'

export function makeModel(kind: 'mlp' | 'cnn'): nn.Sequential {
  if (kind === 'mlp') {
    return new nn.Sequential(new nn.Flatten(), new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10))
  }
  return new nn.Sequential(
    new nn.Conv2d(1, 16, 5, { stride: 2, padding: 2 }),
    new nn.ReLU(),
    // before the second convolution, which then has a quarter of the work
    new nn.MaxPool2d(2),
    new nn.Conv2d(16, 32, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.Flatten(),
    new nn.Linear(32 * 7 * 7, 10),
  )
}

export const describeModel = { mlp: 'perceptron 784-128-10', cnn: 'convolutional 16-32, 5×5 and 3×3' }
