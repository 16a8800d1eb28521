"""Prints src/backends/wasm/math/coefficients.ts (format it with Biome afterwards):
  python3 scripts/fit-elementary.py > src/backends/wasm/math/coefficients.ts

Each function is reduced by the file that uses it to a short interval, where what is left after the first terms of its
series is one polynomial (Chebyshev interpolation at 200 bits, then rounded once; the names end in 32 where the
coefficients are float32). The number of terms is the least that keeps the polynomial's error well below the rounding
of the result, which has 53 bits or 24, or about 40 where it is narrow: computed in float64 to be rounded to float32.
"""
from struct import pack, unpack

from mpmath import asin, atan, chebyfit, cos, erf, erfc, exp, log, mp, mpf, pi, sin, sqrt, tanh

mp.prec = 200


def root(f):
    """f as a function of the square of its argument, its value at 0 approached from the side."""
    return lambda z: f(sqrt(z) if z > mpf(2) ** -120 else mpf(2) ** -60)


def single(x):
    return unpack('f', pack('f', float(x)))[0]


def show(name, comment, f, low, high, terms, rounded=float):
    poly, error = chebyfit(f, [mpf(low), mpf(high)], terms, error=True)
    print(f'/** {comment} Off by {float(error):.1e}. */')
    print(f'export const {name}: readonly number[] = [')
    for value in reversed(poly):
        print(f"  {repr(rounded(value)).replace('e-0', 'e-')},")
    print(']\n')


def parts(name, comment, value, bits):
    """A constant as a sum of numbers of that many bits each, the last one in full."""
    print(f'/** {comment} */')
    print(f'export const {name}: readonly number[] = [')
    for size in bits:
        e = mp.floor(log(value, 2)) + 1 - size if size else None
        part = mp.floor(value / mpf(2) ** e) * mpf(2) ** e if size else value
        print(f'  {float(part)!r},')
        value -= float(part)
    print(']\n')


log2 = log(mpf(2))
half = log2 / 2 + mpf('1e-4')
print('''/**
 * Polynomials and split constants of the vectorised functions, lowest power first.
 * Written by `scripts/fit-elementary.py`, which says what they approximate; do not edit by hand.
 */
''')
parts('LN2', 'log 2 as 32 bits, so that multiples up to 2^21 are exact, and the rest.', log2, [32, 0])
parts('LN2_32', 'log 2 as 15 bits, so that multiples up to 2^9 are exact in float32, and the rest.', log2, [15, 0])
parts('HALF_PI', 'pi / 2 as twice 33 bits, so that multiples up to 2^20 are exact, and the rest.', pi / 2, [33, 33, 0])
print(f'/** What pi is more than Math.PI. */\nexport const PI_REST = {float(pi - float(pi))!r}\n')

exponential = lambda r: (exp(r) - 1 - r) / r**2 if abs(r) > mpf(2) ** -60 else mpf(1) / 2
show('EXP', '(exp r - 1 - r) / r^2 for |r| <= log 2 / 2.', exponential, -half, half, 11)
show('EXP_NARROW', 'The same for narrow results.', exponential, -half, half, 8)
show('EXP_32', 'The same in float32.', exponential, -half, half, 5, single)

show('TANH_32', '(tanh x / x - 1) / x^2 in x^2, for |x| <= 0.63, in float32.',
     root(lambda x: (tanh(x) / x - 1) / x**2), 0, mpf('0.63') ** 2, 5, single)

logarithm = root(lambda s: (log((1 + s) / (1 - s)) / s - 2) / s**2)
top = (sqrt(mpf(2)) - 1) ** 2 / (sqrt(mpf(2)) + 1) ** 2 + mpf('1e-5')
show('LOG', '(log((1 + s) / (1 - s)) / s - 2) / s^2 in s^2, for |s| <= 0.1716.', logarithm, 0, top, 7)
show('LOG_NARROW', 'The same for narrow results.', logarithm, 0, top, 5)
show('LOG_32', 'The same in float32.', logarithm, 0, top, 4, single)

eighth = (pi / 4) ** 2 + mpf('1e-4')
show('SIN', '(sin x / x - 1) / x^2 in x^2, for |x| <= pi / 4.', root(lambda x: (sin(x) / x - 1) / x**2), 0, eighth, 6)
show('COS', '(cos x - 1 + x^2 / 2) / x^4 in x^2, for |x| <= pi / 4.',
     root(lambda x: (cos(x) - 1 + x**2 / 2) / x**4), 0, eighth, 6)
show('ASIN', '(asin x / x - 1) / x^2 in x^2, for |x| <= 1/2.', root(lambda x: (asin(x) / x - 1) / x**2), 0, '0.25', 13)
show('ATAN', '(atan x / x - 1) / x^2 in x^2, for |x| <= 1/2.', root(lambda x: (atan(x) / x - 1) / x**2), 0, '0.25', 13)

show('ERF_NARROW', '(erf x / x) in x^2, for |x| <= 0.85.', root(lambda x: erf(x) / x), 0, mpf('0.85') ** 2, 9)
show('ERF_32', '(erf x / x - 1) in x^2, for |x| <= 0.93, in float32.', root(lambda x: erf(x) / x - 1), 0, mpf('0.93') ** 2, 6, single)
show('LOG_ERFC_32', 'log(erfc x) in x, for 0.92 <= x <= 4, in float32.', lambda x: log(erfc(x)), mpf('0.92'), 4, 10, single)


def tail(t):
    x = 3 * (1 + t) / (1 - t)
    return (1 + 2 * x) * exp(x * x) * erfc(x)


show('ERFC_NARROW', '(1 + 2x) exp(x^2) erfc(x) in t = (x - 3) / (x + 3), for 0 <= x <= 28.', tail, -1, '0.8065', 18)
