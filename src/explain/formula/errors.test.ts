/** What formulas say when something is wrong: every message as a user sees it. */
import { describe, expect, it } from 'vitest'
import { FormatError, ShapeError } from '../../errors/index.ts'
import { type FormulaError, parseFormula, parseValues, runFormula } from './index.ts'

/** The name of the error that a formula or its values raise, and what it says. */
function problem(formula: string, at = ''): string {
  try {
    runFormula(formula, at)
  } catch (error) {
    return String(error)
  }
  return 'no error'
}

const problems = (...formulas: string[]): string => formulas.map((formula) => problem(formula)).join('\n\n')

it('says what is wrong where a value is expected', () => {
  expect(
    problems(
      'w*',
      '2^',
      '-',
      '(',
      'f(1,)',
      '[1,,2]',
      'a == ',
      'x += 1',
      '= 2',
      'x = = 2',
      'a = 1\nb = a +\nc = 3',
      '∑x',
      'a**',
      'x.5',
      'a + \u0000',
      '\u202Ea',
      '😀',
      '∞',
    ),
  ).toMatchInlineSnapshot(`
    "FormulaError: formula: expected a value after '*', got the end
    line 1, column 3:
      w*
        ^

    FormulaError: formula: expected a value after '^', got the end
    line 1, column 3:
      2^
        ^

    FormulaError: formula: expected a value after '-', got the end
    line 1, column 2:
      -
       ^

    FormulaError: formula: expected a value after '(', got the end
    line 1, column 2:
      (
       ^

    FormulaError: formula: expected a value after ',', got ')'
    line 1, column 5:
      f(1,)
          ^

    FormulaError: formula: expected a value after ',', got ','
    line 1, column 4:
      [1,,2]
         ^

    FormulaError: formula: expected a value after '==', got the end
    line 1, column 6:
      a == 
           ^

    FormulaError: formula: expected a value after '+', got '='
    line 1, column 4:
      x += 1
         ^

    FormulaError: formula: expected a value, got '='
    line 1, column 1:
      = 2
      ^

    FormulaError: formula: expected a value after '=', got '='
    line 1, column 5:
      x = = 2
          ^

    FormulaError: formula: expected a value after '+', got the end of the line
    line 2, column 8:
      b = a +
             ^

    FormulaError: formula: expected a value, got '∑'; a sum is sum(x)
    line 1, column 1:
      ∑x
      ^

    FormulaError: formula: expected a value after '**', got the end
    line 1, column 4:
      a**
         ^

    FormulaError: formula: expected the name of a function after '.', got '5'
    line 1, column 3:
      x.5
        ^

    FormulaError: formula: expected a value after '+', got U+0000
    line 1, column 5:
      a +  
          ^

    FormulaError: formula: expected a value, got U+202E
    line 1, column 1:
       a
      ^

    FormulaError: formula: expected a value, got '😀'
    line 1, column 1:
      😀
      ^

    FormulaError: formula: expected a value, got '∞'; there is no sign for infinity
    line 1, column 1:
      ∞
      ^"
  `)
})

it('says what is wrong where an operand has ended', () => {
  expect(
    problems(
      '2 x',
      'a b',
      'sin x',
      'a]',
      'a, b',
      'f(x) = x^2',
      'a = b = c',
      'a – b',
      'a % b',
      'a ? b : c',
      'a & b',
      "a 'b'",
      'x²⁻¹',
      '{a}',
      'x$',
      'a \\frac{b}{c}',
      '3 = x',
    ),
  ).toMatchInlineSnapshot(`
    "FormulaError: formula: expected an operator such as + or *, or the end of the line, got 'x'; a product needs its *
    line 1, column 3:
      2 x
        ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got 'b'; a product needs its *
    line 1, column 3:
      a b
        ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got 'x'; a function takes its arguments in brackets, sin(x)
    line 1, column 5:
      sin x
          ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got ']'; no '[' is open
    line 1, column 2:
      a]
       ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got ','; a vector is [a, b]
    line 1, column 2:
      a, b
       ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got '='; only a name can stand to the left of =, and functions cannot be defined
    line 1, column 6:
      f(x) = x^2
           ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got '='; only a name can stand to the left of =, and functions cannot be defined
    line 1, column 7:
      a = b = c
            ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got '–'; a minus sign is -
    line 1, column 3:
      a – b
        ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got '%'; the remainder of a division is remainder(a, b)
    line 1, column 3:
      a % b
        ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got '?'; a choice is where(condition, a, b)
    line 1, column 3:
      a ? b : c
        ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got '&'; both of two conditions are logicalAnd(a, b)
    line 1, column 3:
      a & b
        ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got "'"
    line 1, column 3:
      a 'b'
        ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got '⁻'
    line 1, column 3:
      x²⁻¹
        ^

    FormulaError: formula: expected a value, got '{'; parentheses are ( )
    line 1, column 1:
      {a}
      ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got '$'
    line 1, column 2:
      x$
       ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got '\\'; TeX is not read; write x*y, a/b, sqrt(x)
    line 1, column 3:
      a \\frac{b}{c}
        ^

    FormulaError: formula: expected an operator such as + or *, or the end of the line, got '='; only a name can stand to the left of =, and functions cannot be defined
    line 1, column 3:
      3 = x
        ^"
  `)
})

it('says what is wrong where a bracket is open', () => {
  expect(
    problems('(a', '(a, b)', '(a b)', '[1, 2', '[1; 2]', '[[1, 2], [3, 4]', 'sum(x', '|a', 'x[0', 'a = (b +\nc'),
  ).toMatchInlineSnapshot(`
    "FormulaError: formula: expected ')' to close the '(' of column 1, got the end
    line 1, column 3:
      (a
        ^

    FormulaError: formula: expected ')' to close the '(' of column 1, got ','; a vector is [a, b]
    line 1, column 3:
      (a, b)
        ^

    FormulaError: formula: expected ')' to close the '(' of column 1, got 'b'; a product needs its *
    line 1, column 4:
      (a b)
         ^

    FormulaError: formula: expected ',' or ']' to close the '[' of column 1, got the end
    line 1, column 6:
      [1, 2
           ^

    FormulaError: formula: expected ',' or ']' to close the '[' of column 1, got ';'; the rows of a matrix are [[1, 2], [3, 4]]
    line 1, column 3:
      [1; 2]
        ^

    FormulaError: formula: expected ',' or ']' to close the '[' of column 1, got the end
    line 1, column 16:
      [[1, 2], [3, 4]
                     ^

    FormulaError: formula: expected ',' or ')' to close the '(' of column 4, got the end
    line 1, column 6:
      sum(x
           ^

    FormulaError: formula: expected '|' to close the '|' of column 1, got the end
    line 1, column 3:
      |a
        ^

    FormulaError: formula: expected ',' or ']' to close the '[' of column 2, got the end
    line 1, column 4:
      x[0
         ^

    FormulaError: formula: expected ')' to close the '(' of column 5, got the end
    line 2, column 2:
      c
       ^"
  `)
})

it('says what is wrong where something can be read in two ways', () => {
  expect(
    problems('1/2x', 'a÷2(b)', '2^3x', '√2x', '1/-2x', '2^--2x', '1/√2x', '1 < x < 2', 'wx(2)'),
  ).toMatchInlineSnapshot(`
    "FormulaError: formula: this can be read in two ways because a * is left out; write it, or parentheses
    line 1, column 1:
      1/2x
      ^^^^

    FormulaError: formula: this can be read in two ways because a * is left out; write it, or parentheses
    line 1, column 1:
      a÷2(b)
      ^^^^^^

    FormulaError: formula: this can be read in two ways because a * is left out; write it, or parentheses
    line 1, column 3:
      2^3x
        ^^

    FormulaError: formula: this can be read in two ways because a * is left out; write it, or parentheses
    line 1, column 2:
      √2x
       ^^

    FormulaError: formula: this can be read in two ways because a * is left out; write it, or parentheses
    line 1, column 1:
      1/-2x
      ^^^^^

    FormulaError: formula: this can be read in two ways because a * is left out; write it, or parentheses
    line 1, column 3:
      2^--2x
        ^^^^

    FormulaError: formula: this can be read in two ways because a * is left out; write it, or parentheses
    line 1, column 4:
      1/√2x
         ^^

    FormulaError: formula: comparisons do not chain; write logicalAnd(a < b, b < c)
    line 1, column 1:
      1 < x < 2
      ^^^^^^^^^

    FormulaError: formula: unknown function 'wx'; for a product write wx*(...)
    line 1, column 1:
      wx(2)
      ^^"
  `)
})

it('says what is wrong in numbers, text and indices', () => {
  expect(problems('1e400', "'abc", 'x[1.5]', 'x[a]', 'x[]', 'x[0,]', 'x[1:2:3:4]')).toMatchInlineSnapshot(`
    "FormulaError: formula: '1e400' is too large; the largest number is 1.8e308
    line 1, column 1:
      1e400
      ^^^^^

    FormulaError: formula: the text that begins here has no closing quote
    line 1, column 1:
      'abc
      ^

    FormulaError: formula: an index is a whole number such as 0 or -1, or a range such as 1:3
    line 1, column 3:
      x[1.5]
        ^

    FormulaError: formula: an index is a whole number such as 0 or -1, or a range such as 1:3
    line 1, column 3:
      x[a]
        ^

    FormulaError: formula: an index is a whole number such as 0 or -1, or a range such as 1:3
    line 1, column 3:
      x[]
        ^

    FormulaError: formula: an index is a whole number such as 0 or -1, or a range such as 1:3
    line 1, column 5:
      x[0,]
          ^

    FormulaError: formula: an index is a whole number such as 0 or -1, or a range such as 1:3
    line 1, column 3:
      x[1:2:3:4]
        ^"
  `)
})

it('says what is wrong in calls', () => {
  expect(
    problems(
      'sigmod(x)',
      'mse(a, b)',
      'cross_entropy(a, b)',
      'ReLU(x)',
      'foo(x)',
      'x(2)',
      'a = 1; a(2)',
      '(a + b)(c)',
      'relu(x, 2)',
      'relu()',
      'pow(x)',
      'softmax(x, dims=0)',
      'sum(x, foo=1)',
      'sum(x, 0, dim=0)',
      'sum(x, dim=0, dim=1)',
      'sum(dim=0, x)',
      'x.relu',
      'x.sgmoid()',
      'x.constructor',
      'x.__proto__.foo',
      'constructor(x)',
      'x.T.values.prototype',
    ),
  ).toMatchInlineSnapshot(`
    "FormulaError: formula: unknown function 'sigmod'; did you mean sigmoid?
    line 1, column 1:
      sigmod(x)
      ^^^^^^

    FormulaError: formula: unknown function 'mse'; did you mean mseLoss?
    line 1, column 1:
      mse(a, b)
      ^^^

    FormulaError: formula: unknown function 'cross_entropy'; did you mean crossEntropy?
    line 1, column 1:
      cross_entropy(a, b)
      ^^^^^^^^^^^^^

    FormulaError: formula: unknown function 'ReLU'; did you mean relu?
    line 1, column 1:
      ReLU(x)
      ^^^^

    FormulaError: formula: unknown function 'foo'
    line 1, column 1:
      foo(x)
      ^^^

    FormulaError: formula: unknown function 'x'; for a product write x*(...)
    line 1, column 1:
      x(2)
      ^

    FormulaError: formula: 'a' is a value, not a function; for a product write a*(...)
    line 1, column 8:
      a = 1; a(2)
             ^

    FormulaError: formula: only functions can be called; for a product write * before this bracket
    line 1, column 8:
      (a + b)(c)
             ^

    FormulaError: formula: relu takes one argument, got 2: it is relu(x)
    line 1, column 1:
      relu(x, 2)
      ^^^^

    FormulaError: formula: relu needs 'x': it is relu(x)
    line 1, column 1:
      relu()
      ^^^^

    FormulaError: formula: pow needs 'exponent': it is pow(x, exponent)
    line 1, column 1:
      pow(x)
      ^^^

    FormulaError: formula: softmax has no 'dims'; did you mean dim?
    line 1, column 1:
      softmax(x, dims=0)
      ^^^^^^^

    FormulaError: formula: sum has no 'foo': it is sum(x, dim?, keepdim=...)
    line 1, column 1:
      sum(x, foo=1)
      ^^^

    FormulaError: formula: sum got 'dim' twice: it is sum(x, dim?, keepdim=...)
    line 1, column 1:
      sum(x, 0, dim=0)
      ^^^

    FormulaError: formula: sum got 'dim' twice: it is sum(x, dim?, keepdim=...)
    line 1, column 1:
      sum(x, dim=0, dim=1)
      ^^^

    FormulaError: formula: arguments by name come last
    line 1, column 12:
      sum(dim=0, x)
                 ^

    FormulaError: formula: 'relu' is a function; call it: .relu(...)
    line 1, column 2:
      x.relu
       ^^^^^

    FormulaError: formula: unknown function 'sgmoid'; did you mean sigmoid?
    line 1, column 3:
      x.sgmoid()
        ^^^^^^

    FormulaError: formula: unknown '.constructor'
    line 1, column 2:
      x.constructor
       ^^^^^^^^^^^^

    FormulaError: formula: unknown '.__proto__'
    line 1, column 2:
      x.__proto__.foo
       ^^^^^^^^^^

    FormulaError: formula: unknown function 'constructor'
    line 1, column 1:
      constructor(x)
      ^^^^^^^^^^^

    FormulaError: formula: unknown '.prototype'
    line 1, column 11:
      x.T.values.prototype
                ^^^^^^^^^^"
  `)
})

it('says what is wrong in statements', () => {
  expect(problems('', '  # nothing', 'a; b = 1')).toMatchInlineSnapshot(`
    "FormulaError: formula: there is nothing to compute; write for example y = w*x + b
    line 1, column 1:
      
      ^

    FormulaError: formula: there is nothing to compute; write for example y = w*x + b
    line 1, column 1:
        # nothing
      ^

    FormulaError: formula: nothing uses this value; give it a name, as in a = ...
    line 1, column 1:
      a; b = 1
      ^"
  `)
})

describe('values', () => {
  const values = (text: string) => problem('x', text)

  it('says what is wrong with their text', () => {
    expect(
      [
        '3',
        'x',
        'x=',
        'x: 1',
        'x=1,2,3',
        'x=1,5',
        'x=1 y=2',
        'x=1, x=2',
        'x=w',
        'x=2w',
        'x="a"',
        'x=sort([1])',
        'x=[[1,2],[3]]',
      ]
        .map(values)
        .join('\n\n'),
    ).toMatchInlineSnapshot(`
      "FormulaError: values: expected a name and its value, such as w=2, got '3'; a vector has brackets, x=[1, 2], and a fraction a point, 1.5
      line 1, column 1:
        3
        ^

      FormulaError: values: expected = and a value after 'x', got the end
      line 1, column 2:
        x
         ^

      FormulaError: values: expected a value after '=', got the end
      line 1, column 3:
        x=
          ^

      FormulaError: values: expected = and a value after 'x', got ':'
      line 1, column 2:
        x: 1
         ^

      FormulaError: values: expected a name and its value, such as w=2, got '2'; a vector has brackets, x=[1, 2], and a fraction a point, 1.5
      line 1, column 5:
        x=1,2,3
            ^

      FormulaError: values: expected a name and its value, such as w=2, got '5'; a vector has brackets, x=[1, 2], and a fraction a point, 1.5
      line 1, column 5:
        x=1,5
            ^

      FormulaError: values: expected an operator such as + or *, or a comma, got 'y'
      line 1, column 5:
        x=1 y=2
            ^

      FormulaError: values: 'x' has a value already
      line 1, column 6:
        x=1, x=2
             ^^^

      FormulaError: values: a value is made of numbers, but 'w' is a name
      line 1, column 3:
        x=w
          ^

      FormulaError: values: a value is made of numbers, but 'w' is a name
      line 1, column 4:
        x=2w
           ^

      ArgumentError: 'a' is text; a number or a tensor is needed here
      line 1, column 1:
        x="a"
        ^^^^^

      ArgumentError: sort gives values and indices; take one, as in sort(...).values
      line 1, column 1:
        x=sort([1])
        ^^^^^^^^^^^

      ShapeError: tensor: nested arrays must have equal lengths: expected an array of 2 at depth 1, found an array of 1
      line 1, column 1:
        x=[[1,2],[3]]
        ^^^^^^^^^^^^^"
    `)
  })

  it('says which are missing and which are not used', () => {
    expect(
      [
        problem('L = (w*x + b)^2', 'x=3'),
        problem('L = w*x', 'W=1, x=2'),
        problem('L = w*x', 'w=1, x=2, z=3'),
        problem('L = wx + b', 'w=1, x=2, b=3'),
        problem('L = relu + 1'),
        problem('a = b; b = 3'),
        problem('W^T', 'W=1'),
        problem('1 + 2', 'x=1'),
        problem(Array.from({ length: 12 }, (_, i) => `a${i}`).join('+')),
      ].join('\n\n'),
    ).toMatchInlineSnapshot(`
      "ArgumentError: formula: no value for w and b; give it as in --at w=...,b=...

      ArgumentError: formula: no value for w; give it as in --at w=...
        'W' has a value but does not occur in the formula; did you mean w?

      ArgumentError: formula: 'z' has a value but does not occur in the formula, which uses w and x

      ArgumentError: formula: no value for wx; give it as in --at wx=...
        wx is one name; a product is w*x

      ArgumentError: formula: no value for relu; give it as in --at relu=...
        relu is a function: relu(...)

      ArgumentError: formula: no value for b; give it as in --at b=...
        b is used before the line that computes it

      ArgumentError: formula: no value for T; give it as in --at T=...
        a transpose is x' or x.T

      ArgumentError: formula: 'x' has a value but does not occur in the formula, which needs no values

      ArgumentError: formula: no value for a0, a1, a2, a3, a4, a5, a6, a7, a8, a9 and 2 more; give it as in --at a0=...,a1=...,a2=...,a3=...,a4=...,a5=...,a6=...,a7=...,a8=...,a9=..."
    `)
  })

  it('refuses what is no tensor', () => {
    const values = { x: 2 } as unknown as Parameters<typeof runFormula>[1]
    expect(() => runFormula('x', values)).toThrowErrorMatchingInlineSnapshot(
      `[ArgumentError: formula: the value of x must be a tensor, got 2; see parseValues]`,
    )
    expect(() => parseFormula(2 as unknown as string)).toThrowErrorMatchingInlineSnapshot(
      `[ArgumentError: parseFormula: takes text such as 'L = (w*x + b)^2', got 2]`,
    )
    expect(() => parseValues(null as unknown as string)).toThrowErrorMatchingInlineSnapshot(
      `[ArgumentError: parseValues: takes text such as 'w=2, x=[1, 2]', got null]`,
    )
  })
})

it('says in which statement an operation failed', () => {
  expect(
    [
      problem('z = 1\nL = (W @ x) + z', 'W=[[1, 2], [3, 4]], x=[1, 2, 3]'),
      problem('L = W + x', 'W=[[1, 2], [3, 4]], x=[1, 2, 3]'),
      problem('[1, 2, 3][5]'),
      problem('sum([1, 2], dim=3)'),
      problem('inverse([[1, 1], [1, 1]])'),
      problem('"a" + 1'),
      problem('sort([1, 2])'),
      problem('split([1, 2], 1)'),
      problem('split([1, 2], 1)[2]'),
      problem('sort([1, 2]).sign'),
      problem('x.values', 'x=1'),
      problem('sum(split([1, 2], 1))'),
      problem('reshape([1, 2], [a])', 'a=2'),
      problem('reshape([1, 2], split([1, 2], 1))'),
      problem('cat(x)', 'x=1'),
      problem('max(x, 1, dim=0)', 'x=1'),
      problem('crossEntropy([1, 2], 0.5)'),
      problem('[[1, 2], [3]]'),
      problem("mseLoss(x, x, reduction='meen')", 'x=1'),
    ].join('\n\n'),
  ).toMatchInlineSnapshot(`
    "ShapeError: matmul: inner sizes differ: [2, 2] @ [3]
    line 2, column 5:
      L = (W @ x) + z
          ^^^^^^^

    ShapeError: add: shapes [2, 2] and [3] do not broadcast: sizes 2 and 3 at dimension -1 differ and neither is 1
    line 1, column 5:
      L = W + x
          ^^^^^

    IndexError: at: index 5 is out of range for dim 0 of size 3
    line 1, column 1:
      [1, 2, 3][5]
      ^^^^^^^^^^^^

    IndexError: sum: dim 3 is out of range for 1 dimensions (-1 to 0)
    line 1, column 1:
      sum([1, 2], dim=3)
      ^^^^^^^^^^^^^^^^^^

    ArgumentError: inverse: the matrix is singular: it has no inverse
    line 1, column 1:
      inverse([[1, 1], [1, 1]])
      ^^^^^^^^^^^^^^^^^^^^^^^^^

    ArgumentError: 'a' is text; a number or a tensor is needed here
    line 1, column 1:
      "a" + 1
      ^^^^^^^

    ArgumentError: sort gives values and indices; take one, as in sort(...).values
    line 1, column 1:
      sort([1, 2])
      ^^^^^^^^^^^^

    ArgumentError: split gives 2 tensors; take one, as in split(...)[0]
    line 1, column 1:
      split([1, 2], 1)
      ^^^^^^^^^^^^^^^^

    ArgumentError: split gives 2 tensors; take one, as in split(...)[0]
    line 1, column 1:
      split([1, 2], 1)[2]
      ^^^^^^^^^^^^^^^^^^^

    ArgumentError: sort gives values and indices; take one, as in sort(...).values
    line 1, column 1:
      sort([1, 2]).sign
      ^^^^^^^^^^^^^^^^^

    ArgumentError: .values belongs to functions with several results, such as sort(x) and max(x, dim=0)
    line 1, column 1:
      x.values
      ^^^^^^^^

    ArgumentError: split gives 2 tensors; take one, as in split(...)[0]
    line 1, column 1:
      sum(split([1, 2], 1))
      ^^^^^^^^^^^^^^^^^^^^^

    ArgumentError: the numbers of this list must be written out, one of them is computed
    line 1, column 1:
      reshape([1, 2], [a])
      ^^^^^^^^^^^^^^^^^^^^

    ArgumentError: split gives 2 tensors; take one, as in split(...)[0]
    line 1, column 1:
      reshape([1, 2], split([1, 2], 1))
      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    ArgumentError: a list of tensors is needed here, such as [a, b]
    line 1, column 1:
      cat(x)
      ^^^^^^

    ArgumentError: max: dim and keepdim belong to one tensor, as in max(x, dim=0)
    line 1, column 1:
      max(x, 1, dim=0)
      ^^^^^^^^^^^^^^^^

    DTypeError: whole numbers are needed here, got 0.5
    line 1, column 1:
      crossEntropy([1, 2], 0.5)
      ^^^^^^^^^^^^^^^^^^^^^^^^^

    ShapeError: tensor: nested arrays must have equal lengths: expected an array of 2 at depth 1, found an array of 1
    line 1, column 1:
      [[1, 2], [3]]
      ^^^^^^^^^^^^^

    ArgumentError: mseLoss: reduction is one of 'mean', 'sum', 'none', got "meen"
    line 1, column 1:
      mseLoss(x, x, reduction='meen')
      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"
  `)
})

it('keeps the class of an error and its cause, and knows places', () => {
  const failed = (run: () => unknown): unknown => {
    try {
      return run()
    } catch (error) {
      return error
    }
  }
  const shape = failed(() => runFormula('[1, 2] + [1, 2, 3]', '')) as ShapeError
  expect(shape).toBeInstanceOf(ShapeError)
  expect(shape.cause).toBeInstanceOf(ShapeError)
  const format = failed(() => parseFormula('a = 1\n  b = sigmod(a)')) as FormulaError
  expect(format).toBeInstanceOf(FormatError)
  expect([format.line, format.column, format.length]).toEqual([2, 7, 6])
})

it('cuts long lines around the place, and shows no signs that a terminal would obey', () => {
  const long = `${'a'.repeat(100)} + ${'b'.repeat(30)} + foo(c) + ${'d'.repeat(100)}`
  expect([problem(long), problem('x\t+ \u001b[31m'), problem('ŷ̂ + 数 + foo(1)')].join('\n\n')).toMatchInlineSnapshot(`
    "FormulaError: formula: unknown function 'foo'
    line 1, column 137:
      … + bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb + foo(c) + ddddddddddddddddddddddddddd…
                                           ^^^

    FormulaError: formula: expected a value after '+', got U+001B
    line 1, column 5:
      x +  [31m
          ^

    FormulaError: formula: unknown function 'foo'
    line 1, column 10:
      ŷ̂ + 数 + foo(1)
              ^^^"
  `)
})
