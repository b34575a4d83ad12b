"""What others are told of several findings, each thing once."""

from collections.abc import Sequence

from amparo.warning.watching.disclosing import Count, PublicFinding, disclose_each
from amparo.warning.watching.findings import Finding
from amparo.warning.watching.known_outside import KnownOutside


def disclose(
    findings: Sequence[Finding], count: Count, threshold: int, known: KnownOutside | None = None
) -> list[PublicFinding]:
    """The findings as they may be told outside; several that can only be told of the country are told once."""
    each = disclose_each(findings, count, threshold, known).values()
    return list(dict.fromkeys(public for public in each if public is not None))
