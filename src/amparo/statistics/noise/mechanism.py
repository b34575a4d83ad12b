"""Noise by OpenDP (opendp.org), an extra that is not installed with Amparo: `requirements/private.txt`.

Discrete Laplace noise (Ghosh, Roughgarden and Sundararajan, "Universally utility-maximizing privacy mechanisms", SIAM
J. Comput. 41, 2012), drawn exactly, from the operating system's randomness: noise made of floating-point numbers can be
taken off again (Mironov, CCS 2012).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

ALPHA = 0.05


class ExtraMissing(Exception):
    """OpenDP is not installed."""


@dataclass(frozen=True, slots=True)
class NoisyCounts:
    """Counts with noise, which may be negative; `accuracy`: 95 of 100 lie no further from what was counted."""

    counts: tuple[int, ...]
    scale: float
    accuracy: int


def check_extra() -> None:
    """Raises ExtraMissing."""
    if find_spec("opendp") is None:
        raise ExtraMissing


def add_noise(counts: Sequence[int], distance: int, epsilon: float) -> NoisyCounts:
    """`counts` with noise by which one person, who can change them by `distance` altogether, is hidden to `epsilon`.

    Raises ExtraMissing.
    """
    check_extra()
    dp = import_module("opendp.prelude")
    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
    scale = distance / epsilon
    # A scale is rounded to what the machine holds: OpenDP says what it gives, rounded up.
    while dp.m.make_geometric(*space, scale=scale).map(distance) > epsilon:
        scale = math.nextafter(scale, math.inf)
    noisy = dp.m.make_geometric(*space, scale=scale)(list(counts))
    accuracy = dp.discrete_laplacian_scale_to_accuracy(scale, ALPHA)
    return NoisyCounts(tuple(int(count) for count in noisy), scale, math.floor(accuracy))
