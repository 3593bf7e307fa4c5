"""Logarithm and exponential from plain arithmetic, the same to the last bit on every CPU.

The C library chooses between variants of `log`, `exp` and `pow` by CPU, and their last bits differ; a policy that
compares two such numbers would then send another line on another machine. Additions, products, quotients and square
roots are exact by IEEE 754 everywhere, so everything here is made of those. Method and coefficients: FreeBSD msun
e_log.c and e_exp.c (error below one unit in the last place).
"""

import numpy as np

from engine.native import native

LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
INVERSE_LN2 = 1.44269504088896338700
SQRT2 = 1.41421356237309504880

_MANTISSA = np.int64(0x000FFFFFFFFFFFFF)
_ONE = np.int64(0x3FF0000000000000)
_EXPONENT_SHIFT = np.int64(52)
_BIAS = np.int64(1023)
_TWO_TO_54 = 18014398509481984.0
_LEAST, _MOST = -708.0, 709.0  # outside, results would not be normal numbers
_SMALLEST_NORMAL = 2.2250738585072014e-308


@native
def log(x: float) -> float:
    """Return the natural logarithm of a finite x > 0; minus infinity at 0, NaN for what is below 0 or NaN."""
    if not x > 0.0:
        return -np.inf if x == 0.0 else np.nan
    exponent = np.int64(0)
    if x < _SMALLEST_NORMAL:
        x *= _TWO_TO_54
        exponent -= np.int64(54)
    bits = np.float64(x).view(np.int64)
    exponent += (bits >> _EXPONENT_SHIFT) - _BIAS
    mantissa = np.int64((bits & _MANTISSA) | _ONE).view(np.float64)
    if mantissa > SQRT2:
        mantissa *= 0.5
        exponent += np.int64(1)
    f = mantissa - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    odd = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half_square = 0.5 * f * f
    k = float(exponent)
    return k * LN2_HIGH - ((half_square - (s * (half_square + even + odd) + k * LN2_LOW)) - f)


@native
def exp(x: float) -> float:
    """Return e to the power x; 0 below -708 (where results would lose precision), infinity above 709."""
    if x < _LEAST:
        return 0.0
    if x > _MOST:
        return np.inf
    k = np.floor(x * INVERSE_LN2 + 0.5)
    high = x - k * LN2_HIGH
    low = k * LN2_LOW
    r = high - low
    t = r * r
    c = r - t * (
        1.66666666666666019037e-01
        + t
        * (
            -2.77777777770155933842e-03
            + t * (6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))
        )
    )
    y = 1.0 - ((low - (r * c) / (2.0 - c)) - high)
    scale = np.int64((np.int64(k) + _BIAS) << _EXPONENT_SHIFT).view(np.float64)
    return float(y * scale)
