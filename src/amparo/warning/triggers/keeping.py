"""Rules of an institution: set, tried out on what is documented, switched on and off."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from amparo.institutions.models import Institution, User
from amparo.vault import log
from amparo.warning.held import AlertError, ChangedMeanwhile
from amparo.warning.models import Rule
from amparo.warning.times import this_quarter
from amparo.warning.triggers.finding import Found, find, first_day
from amparo.warning.triggers.kinds import RULES, read_parameters


class NotTried(AlertError):
    """A rule is switched on only with the numbers with which it was tried out."""

    code = "not-tried"


def rules_of(institution: Institution) -> list[Rule]:
    """A rule of each kind, kept or with its defaults, in the order of the kinds."""
    kept = {rule.kind: rule for rule in Rule.objects.filter(institution=institution).select_related("changed_by")}
    return [
        kept.get(kind) or Rule(institution=institution, kind=kind, parameters=read_parameters(kind, {}), version=0)
        for kind in RULES
    ]


def try_rule(institution: Institution, kind: str, said: Mapping[str, object]) -> list[Found]:
    """What the rule would have raised in all that is documented up to today. Raises as `read_parameters`."""
    today = this_quarter().date()
    return find(kind, institution, said, first_day(institution, today), today)


@transaction.atomic
def keep_rule(user: User, kind: str, said: Mapping[str, object], *, version: int) -> Rule:
    """Keep the numbers of a rule, tried out just now. Other numbers switch it off until somebody has looked.

    Raises as `read_parameters`, and `ChangedMeanwhile`.
    """
    numbers = read_parameters(kind, said)
    rule = _take(user, kind, version)
    if numbers != rule.parameters:
        rule.is_on = False
    rule.parameters, rule.tested_with, rule.tested_at = numbers, numbers, this_quarter()
    _note("rule-tried", rule, user)
    return rule


@transaction.atomic
def switch_rule(user: User, kind: str, *, on: bool, version: int) -> Rule:
    """Switch a rule on or off. Raises `NotTried` where nobody saw what these numbers would have raised."""
    rule = _take(user, kind, version)
    if on and (rule.tested_at is None or rule.tested_with != rule.parameters):
        raise NotTried
    rule.is_on = on
    _note("rule-switched-on" if on else "rule-switched-off", rule, user)
    return rule


def found_since(rule: Rule, since: date, until: date) -> list[Found]:
    """What a rule that is on finds in these days."""
    return find(rule.kind, rule.institution, rule.parameters, since, until)


def _take(user: User, kind: str, version: int) -> Rule:
    if kind not in RULES:
        raise Rule.DoesNotExist
    assert user.institution_id is not None  # noqa: S101  (a page for members only)
    # The institution is held: there may be no rule yet, and two who keep the first would make two.
    ours = Institution.objects.select_for_update(of=("self",)).get(pk=user.institution_id)
    rule = Rule.objects.select_related("institution").filter(institution=ours, kind=kind).first()
    if rule is None:
        rule = Rule(institution=ours, kind=kind, parameters=read_parameters(kind, {}), version=0)
    if rule.version != version:
        raise ChangedMeanwhile
    return rule


def _note(action: str, rule: Rule, user: User) -> None:
    rule.changed_by = user
    rule.version += 1
    rule.save()
    log.record(
        action, actor=user.pk, institution=rule.institution.code, record=f"rule:{rule.pk}", facts={"kind": rule.kind}
    )
