"""Prints src/scalar/erf-coefficients.ts (format it with Biome afterwards):
  python3 scripts/fit-erf.py > src/scalar/erf-coefficients.ts

Two functions are smooth enough for one polynomial each (Chebyshev interpolation at 140 bits, then rounded once):
  small(z) = erf(sqrt z) / sqrt z - 1                     for 0 <= z <= 0.85^2
  tail(t)  = (1 + 2x) exp(x^2) erfc(x) - TAIL_CENTRE      for t = (x - 3) / (x + 3), 0.4 <= x <= 28
The constant parts are taken out so that what a float64 evaluates is small beside the result it corrects.
"""
from mpmath import mp, mpf, cos, erf, erfc, exp, pi, sqrt

mp.prec = 140
CENTRE = mpf('1.21875')


def small(z):
    root = sqrt(z)
    return erf(root) / root - 1


def tail(t):
    x = 3 * (1 + t) / (1 - t)
    return (1 + 2 * x) * exp(x * x) * erfc(x) - CENTRE


def chebyshev(f, low, high, terms):
    nodes = [pi * (2 * k + 1) / (2 * terms) for k in range(terms)]
    values = [f((low + high) / 2 + (high - low) / 2 * cos(node)) for node in nodes]
    sums = [sum(v * cos(j * node) for v, node in zip(values, nodes)) for j in range(terms)]
    return [sums[0] / terms] + [2 * s / terms for s in sums[1:]]


def times(p, q):
    product = [mpf(0)] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            product[i + j] += a * b
    return product


def plus(p, q):
    n = max(len(p), len(q))
    return [(p[i] if i < len(p) else 0) + (q[i] if i < len(q) else 0) for i in range(n)]


def powers(series, low, high):
    """The Chebyshev series on [low, high] as a polynomial in the variable itself."""
    scaled = [-(high + low) / (high - low), 2 / (high - low)]
    before, now = [mpf(1)], scaled
    total = plus([series[0]], [series[1] * v for v in scaled])
    for weight in series[2:]:
        before, now = now, plus([2 * v for v in times(scaled, now)], [-v for v in before])
        total = plus(total, [weight * v for v in now])
    return total


def show(name, comment, coefficients):
    print(f'/** {comment} */')
    print(f'export const {name}: readonly number[] = [')
    for value in coefficients:
        print(f"  {repr(float(value)).replace('e-0', 'e-')},")
    print(']')


low, high = mpf('1e-30'), mpf('0.85') ** 2
print('''/**
 * Coefficients of the two polynomials behind `erf` and `erfc`, lowest power first.
 * Written by `scripts/fit-erf.py`, which says what they approximate; do not edit by hand.
 */
''')
print(f'export const TAIL_CENTRE = {float(CENTRE)!r}\n')
show('SMALL', 'erf(x) / x - 1 as a polynomial in x^2, for |x| <= 0.85.',
     powers(chebyshev(small, low, high, 13), low, high))
print()
low, high = mpf('-0.81'), mpf('0.81')
show('TAIL', '(1 + 2x) exp(x^2) erfc(x) - TAIL_CENTRE in t = (x - 3) / (x + 3), for 0.4 <= x <= 28.',
     powers(chebyshev(tail, low, high, 25), low, high))
