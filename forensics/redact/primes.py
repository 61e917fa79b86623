"""RSA keys that follow from a key: the libraries make random ones only, and a copy must be the same each time.

Two primes are searched from a derived number on. They protect nothing: the key stands for one that was taken out.
"""

from __future__ import annotations

from functools import lru_cache
from math import gcd

from cryptography.hazmat.primitives.asymmetric import rsa

from forensics.redact.keyed import Key

_EXPONENT = 65537
_ROUNDS = 8  # of Miller and Rabin's test: of large numbers chosen by chance, none in 10^20 passes wrongly
_BITS_MIN, _BITS_MAX = 512, 8192


@lru_cache(maxsize=64)
def rsa_key(key: Key, about: bytes, bits: int) -> rsa.RSAPrivateKey:
    """A private key of that many bits. Raises ValueError for a size that nobody uses."""
    if not _BITS_MIN <= bits <= _BITS_MAX or bits % 2:
        raise ValueError(bits)
    one, two = (_prime(key, about, bits // 2, which) for which in (b"p", b"q"))
    if one < two:
        one, two = two, one
    secret = pow(_EXPONENT, -1, (one - 1) * (two - 1))
    public = rsa.RSAPublicNumbers(_EXPONENT, one * two)
    inverse = rsa.rsa_crt_iqmp(one, two)
    numbers = rsa.RSAPrivateNumbers(one, two, secret, secret % (one - 1), secret % (two - 1), inverse, public)
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


def _prime(key: Key, about: bytes, bits: int, which: bytes) -> int:
    pieces = (key.digest(b"prime", which, about, bytes([number])) for number in range(bits // 256 + 1))
    start = int.from_bytes(b"".join(pieces), "big") % (1 << bits) | 3 << bits - 2 | 1  # the product has all its bits
    number = start
    while gcd(number, _SMALL) != 1 or gcd(number - 1, _EXPONENT) != 1 or not _is_prime(number):
        number += 2
    return number


def _is_prime(number: int) -> bool:
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(number, base, odd, twos) for base in _PRIMES[:_ROUNDS])


def _passes(number: int, base: int, odd: int, twos: int) -> bool:
    power = pow(base, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False


_PRIMES = [number for number in range(2, 2000) if all(number % other for other in range(2, int(number**0.5) + 1))]
_SMALL = 1
for _one in _PRIMES:
    _SMALL *= _one
