/** The tour in nine stations: each sets the page up and says where to look. */
import type { Chapter } from './chapter.ts'

export const tourChapters: readonly Chapter[] = [
  {
    part: '1',
    station: 'The graph',
    title: 'A program is a graph',
    tells:
      'In the middle stands a program: each box is a number that it has, each arrow says which operation it goes into. This one is a neuron: w times x, plus b, through a sigmoid, compared with a target t.',
    pairs: [],
    insight: 'Only the numbers that are given are there so far. Everything else is "—": not known yet, which is not 0.',
    select: 'w',
    at: 'leaves',
  },
  {
    part: '2',
    station: 'Forward',
    title: 'Forward: values appear',
    tells:
      'The player below goes through the program step by step. It has run forward here: every box has its value, up to the loss L.',
    pairs: [
      ['.', 'next step'],
      [',', 'previous step'],
      ['Space', 'play and pause'],
    ],
    insight: 'Go back with , and on with . again. Going back restores exactly what was there.',
    select: 'L',
    at: 'forward',
  },
  {
    part: '3',
    station: 'Backward',
    title: 'Backward: gradients appear',
    tells:
      'Backward starts at L with ∂L/∂L = 1 and goes against the arrows. Each box gets its gradient: how fast L grows when this number grows.',
    pairs: [],
    insight:
      'Press Space and watch. The number below an arrow is what the operation sends on: the gradient that arrived, times its own slope.',
    select: 'z',
    at: 'forward',
  },
  {
    part: '4',
    station: 'Derivation',
    title: 'Why is the gradient that?',
    tells:
      'On the right stands the derivation of the selected gradient: the rule, the slopes with their formulas, the numbers put in, and the result. Select another box to have its own.',
    pairs: [],
    insight: 'Select z, then a: the gradient of z is the gradient of a times the slope of the sigmoid.',
    select: 'w',
    at: 'end',
  },
  {
    part: '5',
    station: 'Paths',
    title: 'All the way to the loss',
    tells:
      'The tab Paths multiplies along the whole way from L to the selected number. With several ways there are several products, and the gradient is their sum.',
    pairs: [],
    insight:
      'Beside it stands the central difference: the program is run twice with the number a little larger and smaller. It has to agree.',
    select: 'w',
    at: 'end',
    tab: 'paths',
  },
  {
    part: '6',
    station: 'Sliders',
    title: 'Move something',
    tells:
      'The sliders below are the numbers that go in. Move w, and every value, gradient and formula follows; nothing jumps, since the program is the same.',
    pairs: [
      ['Delete', 'the default again'],
      ['← →', 'one small step'],
    ],
    insight: 'Drag x to 0: the gradient of w becomes 0. A weight whose input is 0 cannot be to blame.',
    select: 'w',
    at: 'end',
  },
  {
    part: '7',
    station: 'Learn',
    title: 'Learn',
    tells:
      'A gradient says which way L grows, so the parameters go the other way: "Step once along −gradient" does that, η says how far.',
    pairs: [],
    insight:
      'Press it a few times and watch L fall. Then press Reset, set η to 20 and press it twice: the first step goes far beyond the target, to where the sigmoid is flat, and the second changes nothing any more.',
    select: 'b',
    at: 'end',
  },
  {
    part: '8',
    station: 'Table',
    title: 'The same as a table',
    tells:
      'Everything in the graph is in a table as well, one row per number, to be sorted, searched and read aloud. Here it is.',
    pairs: [
      ['t', 'table or graph'],
      ['/', 'search'],
      ['?', 'all keys'],
    ],
    insight:
      'Press t for the graph. There arrows walk when it has the focus: → to what uses a number, ← to what it was made from.',
    select: 'a',
    at: 'end',
    shape: 'table',
  },
  {
    part: '9',
    station: 'Your own',
    title: 'Your own program',
    tells:
      '"Show code" opens this neuron as a program in the editor and runs it. Change it, run it again, and look at your own graph in the same way; "Share" copies a link to what you see.',
    pairs: [],
    insight: 'The menu at the top left has the other playgrounds, experiments with deep networks, and five exercises.',
    select: 'L',
    at: 'end',
  },
]
