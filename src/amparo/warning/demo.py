"""Invented signals and alerts of the demonstration: open, passed on for want of an answer, closed, and a drill."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID, uuid5

from django.db.models import F

from amparo.institutions.models import User
from amparo.warning.alerts.calling import answer, pass_on_late
from amparo.warning.alerts.deciding import Opening, close, open_alert
from amparo.warning.duty.demo import seed_demo_un_office
from amparo.warning.duty.directory import Post, add_focal_point
from amparo.warning.duty.drills import hold_drill
from amparo.warning.forecast_page.demo import seed_demo_outlook
from amparo.warning.media.items import Item
from amparo.warning.media.keeping import bring_in
from amparo.warning.models import Alert, Call, FocalPoint, LevelChange, Rule, Signal
from amparo.warning.response.acting import Plan, change_task, plan_task
from amparo.warning.response.advising import Finding, Recommendation, give_advice, keep_review, note_answer
from amparo.warning.signals.raising import Said, check_signal, raise_signal
from amparo.warning.times import this_quarter
from amparo.warning.triggers.keeping import keep_rule, switch_rule
from amparo.warning.watching.demo import seed_demo_finding

_NAMES = UUID("0d3a2a5e-8f0a-4b77-9a1f-0b6f2a7f7c10")
_GAZETTE = "https://gazette.demoland.example"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def seed_demo_warning(user: User, second: User, ganhri: User) -> None:
    """Invented signals and alerts of `user`'s institution; `second` is her colleague, `ganhri` is called after them.

    Seeded twice they are there once.
    """
    if Signal.objects.filter(token=_token("watch")).exists():
        return
    _fill_posts([user, second, ganhri])
    seed_demo_un_office(user)
    _bring_in_reports(user)
    _try_rules(user)
    _raise(second, "new", "smear", "Invented: a broadcast calls a group of river defenders “enemies of progress”.")
    _close_an_alert(user, second)
    _watch(user, second)
    _call_in_an_emergency(user, second, ganhri)
    seed_demo_finding(user, ganhri)
    call = Call.objects.get(alert=hold_drill(user).alert)
    answer(user, call.pk)
    seed_demo_outlook(user)


def _fill_posts(people: Collection[User]) -> None:
    for person in people:
        if person.institution is not None and not FocalPoint.objects.filter(user=person).exists():
            add_focal_point(person, person.institution, Post(person.pk, languages=("en", "fr", "es", "ar")))


def _bring_in_reports(user: User) -> None:
    today = this_quarter().date()
    titles = (
        ("en", "Invented: a bill on associations reaches the parliament of Demoland"),
        ("es", "Inventado: amenazan a una defensora del río en Demolandia"),
        ("fr", "Inventé : un avocat convoqué par la police de Démolande"),
        ("ar", "خبر متخيَّل: حملة تشهير ضد مدافعين في ديمولاند"),
    )
    bring_in(
        user,
        [
            Item(title, f"{_GAZETTE}/{place}", "Invented Gazette of Demoland", language, today - place * _DAY)
            for place, (language, title) in enumerate(titles, 1)
        ],
    )


def _try_rules(user: User) -> None:
    for kind in ("repeated-threats", "smear-then-arrest", "silence"):
        keep_rule(user, kind, {}, version=0)
    tried = Rule.objects.get(institution=user.institution, kind="smear-then-arrest")
    switch_rule(user, tried.kind, on=True, version=tried.version)


def _watch(user: User, second: User) -> None:
    signal = _raise(second, "watch", "bill", "Invented: a bill would let groups be closed without a court.")
    alert = _open(user, signal, "watch", ("law-ahead",))
    answer(second, Call.objects.get(alert=alert).pk)


def _call_in_an_emergency(user: User, second: User, ganhri: User) -> None:
    """Nobody of the institution answers within two hours; the next in the chain does, and they work together."""
    words = "Invented: a defender of Demoland is followed on her way home, after two calls at night."
    signal = _raise(second, "emergency", "threats", words)
    alert = _open(user, signal, "emergency", ("threat-to-life", "repeated"))
    _as_if_before(alert, 3 * _HOUR)
    pass_on_late()
    called = Call.objects.filter(alert=alert, institution=ganhri.institution).first()
    if called is not None:
        answer(ganhri, called.pk)
    today = this_quarter().date()
    assert user.institution is not None  # noqa: S101  (only people of an institution)
    first = Plan(
        "contact-person", today, user.institution, second, priority="high", words=_what("Call by the safe line.")
    )
    done = plan_task(user, alert.pk, first)
    change_task(second, done.pk, "done", version=done.version)
    plan_task(
        user, alert.pk, Plan("protect", today + _DAY, user.institution, user, words=_what("Open a plan of protection."))
    )
    if called is not None and ganhri.institution is not None:
        letter = _what("Write to the authorities, once she agrees.")
        plan = Plan("letter", today + 3 * _DAY, ganhri.institution, ganhri, "coordinated", words=letter)
        plan_task(ganhri, alert.pk, plan)


def _close_an_alert(user: User, second: User) -> None:
    """An alert of six weeks ago, with what was asked of an authority, how it ended and what was learnt."""
    began = this_quarter().date() - 42 * _DAY
    signal = _raise(second, "closed", "arrest", "Invented: a lawyer is held without a charge.")
    alert = _open(user, signal, "warning", ("in-custody",), emerged_on=began - 2 * _DAY)
    assert user.institution is not None  # noqa: S101  (only people of an institution)
    answer(user, Call.objects.get(alert=alert).pk)
    task = plan_task(
        user, alert.pk, Plan("visit", began + 2 * _DAY, user.institution, second, words=_what("Visit her in custody."))
    )
    change_task(second, task.pk, "done", version=task.version, day=began + 2 * _DAY)
    asked = {"text": "Invented: release her, or bring her before a judge."}
    told = Recommendation("justice", "release", began + _DAY, began + 8 * _DAY, asked)
    advice = give_advice(user, alert.pk, told)
    note_answer(user, advice.pk, "accepted", answered_on=began + 5 * _DAY, result="carried-out", version=advice.version)
    _as_if_before(alert, 42 * _DAY)
    Alert.objects.filter(pk=alert.pk).update(answered_at=F("opened_at") + 2 * _DAY)
    alert.refresh_from_db()
    ended = {"outcome": "Invented: released after five days.", "lessons": "A list of lawyers on call saves a day."}
    close(user, alert.pk, "harm-lessened", ended, version=alert.version)
    findings = (
        Finding("detection", "trust", helped=True),
        Finding("notification", "duty"),
        Finding("response", "line"),
    )
    changes = {"changes": "Invented: a second person is on call at weekends."}
    keep_review(user, alert.pk, began + 20 * _DAY, findings, changes)


def _raise(user: User, name: str, kind: str, words: str) -> Signal:
    assert user.institution is not None  # noqa: S101  (only people of an institution)
    said = Said("focal-point", kind, user.institution.country, words=_what(words), token=_token(name))
    return raise_signal(user, said)


def _open(user: User, signal: Signal, level: str, reasons: tuple[str, ...], emerged_on: date | None = None) -> Alert:
    check_signal(user, signal.pk, "confirmed", version=signal.version)
    words = {"who": "Invented Person of the demonstration", "what": "Invented: see the signal."}
    return open_alert(user, signal.pk, Opening(level, reasons, emerged_on, words=words, token=_token(f"alert {level}")))


def _as_if_before(alert: Alert, ago: timedelta) -> None:
    """Everything of an alert as if it had been done `ago`."""
    Signal.objects.filter(alert=alert).update(raised_at=F("raised_at") - ago, checked_at=F("checked_at") - ago)
    LevelChange.objects.filter(alert=alert).update(set_at=F("set_at") - ago)
    Call.objects.filter(alert=alert).update(
        told_at=F("told_at") - ago, answer_by=F("answer_by") - ago, answered_at=F("answered_at") - ago
    )
    opened = alert.opened_at - ago
    Alert.objects.filter(pk=alert.pk).update(opened_at=opened, detected_on=opened.date())


def _what(words: str) -> dict[str, str]:
    return {"what": words}


def _token(name: str) -> UUID:
    return uuid5(_NAMES, name)
