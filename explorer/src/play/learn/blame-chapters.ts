/** The blame chain in eight steps: the analogy, what it stands for, and what to look at. */
import type { Chapter } from './chapter.ts'

export const blameChapters: readonly Chapter[] = [
  {
    part: '1',
    station: 'Blame',
    title: 'The blame chain',
    tells:
      'The meal is bad. The guest blames the chef, the chef the supplier, the supplier the farmer: everybody hands the blame to whoever gave them what they worked with. A network of three layers does the same with its loss.',
    pairs: [
      ['a bad meal', 'a high loss L'],
      ['the chef', 'layer 3'],
      ['the supplier', 'layer 2'],
      ['the farmer', 'layer 1'],
    ],
    insight:
      'The blame that a weight gets is its gradient. Compare w1, w2 and w3 below: the largest gradient belongs to the weight whose change would change L most.',
    select: 'w1',
    at: 'end',
  },
  {
    part: '2',
    station: 'Chain rule',
    title: 'Blame is multiplied',
    tells:
      'A bag more of fertilizer brings two crates more of harvest, and a crate more makes the meal two points better. So a bag more makes it four points better: effects along a chain multiply. Here f = u² hangs on u = 3x + 2.',
    pairs: [
      ['what the harvest does to the meal', '∂f/∂u = 2u'],
      ['what the fertilizer does to the harvest', '∂u/∂x = 3'],
      ['what the fertilizer does to the meal', '∂f/∂x, their product'],
    ],
    insight:
      'The outer slope is taken at u, not at x: at x = 1 that is u = 5. The derivation on the right has both factors and their product.',
    select: 'x',
    at: 'end',
  },
  {
    part: '3',
    station: 'Graph',
    title: 'The recipe as a graph',
    tells:
      'A recipe says which ingredients go into which step. Drawn as a graph, each box is a step and each arrow says what goes in. To hand back the blame, follow the arrows the other way.',
    pairs: [
      ['ingredients', 'the leaves w, x and b'],
      ['a step of the recipe', 'an operation'],
      ['the dish', 'the loss L'],
    ],
    insight:
      'The library draws this graph while the program runs. Nothing has run yet: values and gradients are "—", which is not the same as 0.',
    select: 'L',
    at: 'leaves',
  },
  {
    part: '4',
    station: 'Forward',
    title: 'Forward: cook the dish',
    tells:
      'Cooking follows the arrows, and a camera keeps every step: z, then h, then L. What the camera has seen will be needed when somebody asks what went wrong.',
    pairs: [
      ['cooking', 'the forward pass'],
      ['tasting', 'computing the loss'],
      ['the camera', 'values that are kept for backward'],
    ],
    insight:
      'Values are there now and gradients are not. Press , and . to go back and forth: each step adds one value.',
    select: 'h',
    at: 'forward',
  },
  {
    part: '5',
    station: 'Backward',
    title: 'Backward: watch the tape in reverse',
    tells:
      'The tape is watched from the end. At each box the blame that arrives is multiplied by the slope of that step, and the product goes to whatever went in.',
    pairs: [
      ['how much did this step do?', 'the local derivative'],
      ['the blame that arrives', 'the gradient of the result'],
      ['the blame handed on', 'their product'],
    ],
    insight:
      'Every box is visited once, however many weights there are. w is blamed more than b by the factor x that it is multiplied with.',
    select: 'w',
    at: 'end',
  },
  {
    part: '6',
    station: 'A real layer',
    title: 'Two layers, and a step',
    tells:
      'A network with a ReLU between two weights, a target and a squared error. The blame passes the gate only where it is open, and then the weights move against their gradients.',
    pairs: [
      ['blame below 0', 'the weight should grow'],
      ['blame above 0', 'the weight should shrink'],
    ],
    insight:
      'Take the step with η = 0.1. w2 has a negative gradient, so it grows, and L falls: compare before and after.',
    select: 'w1',
    at: 'end',
  },
  {
    part: '7',
    station: 'Two modes',
    title: 'Ask the ingredients, or ask the dish',
    tells:
      'One can ask each ingredient what it does to the dish, which takes as many questions as there are ingredients. Or one asks the dish once what made it so, and gets all answers together.',
    pairs: [
      ['asking each ingredient', 'forward mode: a pass per input'],
      ['asking the dish', 'reverse mode: a pass per output'],
    ],
    insight:
      'A network has many weights and one loss. That is why gradients are computed backward; the experiment "Forward or reverse" counts what it saves.',
    select: 'w2',
    at: 'end',
  },
  {
    part: '8',
    station: 'Autograd',
    title: 'The accountant who watches you cook',
    tells:
      'Nobody does this by hand. You write the forward pass; the library watches, keeps the graph, and backward() hands out the blame, whatever loops and branches your program had.',
    pairs: [
      ['cooking', 'your program'],
      ['the accountant', 'the tape'],
      ['the bill', 'w.grad'],
    ],
    insight: 'Open the code: these few lines are all, and w1.grad and w2.grad are the numbers of step 6.',
    select: 'w1',
    at: 'end',
  },
]
