"""What the pages of warnings share: who asks, what was sent, how a refusal is said, what is open to this session."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from amparo.institutions.sessions import unlocked_institution
from amparo.institutions.signed_in import institution_of, person
from amparo.vault import log
from amparo.vault import services as vault
from amparo.vault.models import Section
from amparo.warning.held import AlertError

PER_PAGE = 25
T = TypeVar("T")
Words = dict[str, object]
_REFUSALS = {
    "not-now": _("This cannot be done any more: the record was closed or decided meanwhile. Look at it again."),
    "changed-meanwhile": _(
        "Somebody else changed this since you opened the page. Look at what is there now; what you typed is still "
        "here, and is kept if you send it again."
    ),
    "keys-closed": _("Your keys are closed, so that words cannot be sealed. Sign out, and sign in again first."),
    "no-reason": _("Give at least one reason for the level."),
    "no-nhri": _("Only an NHRI can be named as threatened: it approves what is done for it."),
    "not-itself": _("An alert cannot be merged into itself."),
    "is-drill": _("This is a drill: it stands by itself, and is neither merged nor shared."),
    "two-threatened": _("These alerts are about two institutions that are threatened, and each approves for itself."),
    "not-approved": _("The institution that is threatened has not approved this yet."),
    "not-in-it": _("That institution has no part in this alert. Share the alert with it first."),
    "not-tried": _("Try these numbers out first, and look at what they would have raised."),
    "already-in-post": _("This person is in the directory already."),
    "not-this-channel": _("Who signs in here is told by the e-mail of their notices. Choose another channel."),
    "not-in-post": _("Only who is in the directory of this institution can be on call for it."),
    "nobody-in-post": _("Nobody who signs in here is in the directory: there is nobody whom a drill could call."),
    "drill-held-already": _("This month has had its drill already."),
    "followed-already": _("This feed is followed already."),
    "too-many-feeds": _("As many feeds are followed as may be. Remove one first."),
    "feeds-busy": _("Other feeds are being looked at in this moment. Please try again in half a minute."),
    "not-all-signed": _("Not everybody has signed this text. Who does not answer can be taken off."),
    "statement-not-approved": _("The institution that is threatened has not approved this text."),
    "not-joint": _("A joint statement needs two institutions that stand for its words."),
    "no-title": _("Write a title: it is what people read first."),
    "no-body": _("Write what the institutions say."),
    "title-too-long": _("The title is too long: shorten it."),
    "body-too-long": _("The text is too long: shorten it."),
    "title-has-contact": _("The title has a telephone number or an e-mail address. Take it out."),
    "body-has-contact": _("The text has a telephone number or an e-mail address. Take it out."),
    "too-many-languages": _("Eight languages at most."),
    "too-many-steps": _("A level has thirty steps at most, those that are left out among them."),
    "no-note": _("Write it in the language in which the statement was drafted."),
    "too-many": _("At most three for each interval: choose those that matter most."),
}


def explain(code: str) -> str:
    """Why something could not be done, in the active language."""
    return str(_REFUSALS.get(code, code))


def try_or_tell(form: Form, do: Callable[[], T]) -> T | None:
    """What `do` gives; None, with the reason on the form, where it could not be done."""
    try:
        return do()
    except AlertError as refused:
        form.add_error(None, explain(refused.code))
        return None


def page_of(request: HttpRequest, found: "QuerySet[Any]") -> Page[Any]:
    """The asked-for page of `found`."""
    return Paginator(found, PER_PAGE).get_page(request.GET.get("page"))


def open_words(request: HttpRequest, record: str, sections: Mapping[str, Section | None]) -> dict[str, Words | None]:
    """The words of each section by name: {} where there is none, None where it is closed to this session.

    That words of `record` ("alert:3", "" for several records) were opened is noted in the log.
    """
    opened = vault.open_each(sections.values(), unlocked_institution(request))
    if opened:
        log.record(
            "section-opened",
            actor=person(request).pk,
            institution=institution_of(request).code,
            record=record,
            facts={"sections": len(opened)},
        )
    return {name: {} if each is None else opened.get(each.pk) for name, each in sections.items()}


def number_in(request: HttpRequest, name: str) -> int | None:
    """The number in the address under `name`; None where there is none. Raises Http404 for what is no number."""
    said = request.GET.get(name, "")
    return found_number(said) if said else None


def posted_version(request: HttpRequest) -> int:
    """Of which version a button was pressed. Raises Http404 for what is no number."""
    return found_number(request.POST.get("version", ""))


def read_number(text: str) -> int | None:
    """The number that was sent; None for anything else, and for one that is too long to be any of ours."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def found_number(text: str) -> int:
    """`read_number`. Raises Http404 where there is none."""
    if (number := read_number(text)) is None:
        raise Http404
    return number


def show(request: HttpRequest, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    """A page of warnings."""
    shared: dict[str, object] = {
        "unlocked": unlocked_institution(request) is not None,
        "institution": institution_of(request),
    }
    return render(request, template, shared | context, status=status)
