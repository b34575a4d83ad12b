"""Who can sign in to the demo. All invented; the password is printed in the open. Pure."""

from dataclasses import dataclass

PASSWORD = "shelter-for-defenders"  # noqa: S105  (known to all, and served to the own machine only)


@dataclass(frozen=True, slots=True)
class Person:
    """A login of the demo: what she does at which institution."""

    username: str
    role: str
    institution: str


PEOPLE = (
    Person("demo-focal-point", "focal-point", "demo-nhri"),
    Person("demo-case-worker", "case-worker", "demo-nhri"),
    Person("demo-network", "focal-point", "demo-network"),
    Person("demo-ganhri", "focal-point", "demo-ganhri"),
    Person("demo-administrator", "administrator", "demo-nhri"),
    Person("demo-auditor", "auditor", "demo-nhri"),
    Person("demo-analyst", "analyst", "demo-observatory"),
)
