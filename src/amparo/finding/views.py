"""The list of cases: filtered, searched by words and by names, with the columns that each person wants."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amparo.finding import bulk, saved
from amparo.finding.catalogue import find_words
from amparo.finding.columns import all_columns
from amparo.finding.fields import ORDER_NAMES, chips, describe, filter_groups, list_address
from amparo.finding.listing import MOST_COUNTED, Choices, choices_for, read_page
from amparo.finding.names import LONGEST_NAME, names_missing
from amparo.finding.search import Asked, Search, read_search
from amparo.finding.selections import FoundByName, find_kept, index_names_of, index_some, keep_found, search_names
from amparo.finding.undoing import undoable
from amparo.finding.words import LONGEST
from amparo.institutions.access import (
    DECIDE_STATUS,
    DOCUMENT_CASES,
    EXPORT_CASES,
    OPEN_SECTIONS,
    READ_CODED_FACTS,
    desk_page,
    may,
)
from amparo.institutions.models import Institution, User
from amparo.institutions.sessions import unlocked_institution
from amparo.vault import services as vault

INDEXED_AT_ONCE = 2_000
KIND_NAMES = {
    bulk.VERIFY: gettext_noop("Take up their verification"),
    bulk.CLOSE: gettext_noop("Close them"),
    bulk.REOPEN: gettext_noop("Reopen them"),
}


@dataclass(frozen=True, slots=True)
class Read:
    """What a request asks of the list: the search, what can be chosen, and what its search by name found."""

    asked: Asked
    choices: Choices
    unlocked: vault.Unlocked | None
    found: FoundByName | None

    @property
    def search(self) -> Search:
        return self.asked.search


def read_request(request: HttpRequest, *, posted: bool = False) -> Read:
    """The search of an address, or of a form's fields where it was `posted`."""
    user = cast(User, request.user)
    choices = choices_for(cast(Institution, user.institution))
    asked = read_search(request.POST if posted else request.GET, choices.codes())
    unlocked = unlocked_institution(request)
    return Read(asked, choices, unlocked, find_kept(user, asked.search.found, unlocked))


@require_safe
@desk_page(READ_CODED_FACTS)
def case_list(request: HttpRequest) -> HttpResponse:
    return _show(request, read_request(request))


@require_POST
@desk_page(READ_CODED_FACTS)
def find(request: HttpRequest) -> HttpResponse:
    """What was asked, as an address: of words only those that are public anyway, of a name never more than a key."""
    user = cast(User, request.user)
    institution = cast(Institution, user.institution)
    read = read_request(request, posted=True)
    search, errors = read.search, {}
    typed = {"words": request.POST.get("words", "")[: 2 * LONGEST], "name": request.POST.get("name", "")}
    if search.words and (nowhere := find_words(search.words, institution).nowhere):
        # What stands nowhere in the coded facts may be a name, typed in the wrong place: it gets into no address.
        errors["words"] = _not_found(nowhere)
        search = replace(search, words="")
    if name := typed["name"].strip():
        if not may(user, OPEN_SECTIONS) or read.unlocked is None:
            errors["name"] = _closed()
        elif len(name) > LONGEST_NAME:
            errors["name"] = ngettext(
                "Write at most %(number)s character of a name.",
                "Write at most %(number)s characters of a name.",
                LONGEST_NAME,
            ) % {"number": LONGEST_NAME}
        elif not errors and not read.asked.bad_dates:
            left = index_some(institution, read.unlocked)
            key = keep_found(user, search_names(institution, read.unlocked, name))
            search = replace(search, found=key)
            if left:
                _tell_left(request, left)
    if errors or read.asked.bad_dates:
        shown = replace(read, asked=replace(read.asked, search=search))
        return _show(request, shown, errors=errors, typed=typed, status=422)
    return redirect(list_address(search))


@require_POST
@desk_page(READ_CODED_FACTS)
def columns(request: HttpRequest) -> HttpResponse:
    saved.choose_columns(cast(User, request.user), request.POST.getlist("column"))
    return redirect(list_address(read_request(request, posted=True).search))


def _show(
    request: HttpRequest,
    read: Read,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, search = cast(User, request.user), read.search
    institution = cast(Institution, user.institution)
    chosen = saved.columns_for(user)
    listed = read_page(user, search, request.GET.get("page"), chosen, read.found)
    errors = dict(errors or {})
    if listed.nowhere:
        errors["words"] = _not_found(listed.nowhere)
    for name in read.asked.bad_dates:
        errors[name] = _("Write a date as 2016, 2016-10 or 2016-10-22.")
    in_use = {column.code for column in chosen}
    context = {
        "search": search,
        "here": list_address(search),
        "query": search.address(),
        "pairs": search.pairs(),
        # Its own form shows these; what only it shows must not be in there twice.
        "kept_pairs": [pair for pair in search.pairs() if pair[0] not in ("words", "from", "to", "order", "copies")],
        "listed": listed,
        "page": listed.page,
        "columns": chosen,
        "column_choices": [(column, column.code in in_use) for column in all_columns()],
        "groups": filter_groups(search, read.choices, institution.country),
        "chips": chips(search, read.choices),
        "orders": [(code, _(name)) for code, name in ORDER_NAMES.items()],
        "unknown": read.asked.unknown,
        "errors": errors,
        "typed": {"words": search.words, **read.asked.typed} | dict(typed or {}),
        "most": MOST_COUNTED,
        "found": read.found,
        "found_ended": bool(search.found) and read.found is None,
        "saved": [
            (each, describe(each.search, read.choices), list_address(each.search))
            for each in saved.open_saved(user, read.unlocked)
        ],
        "form_token": new_form_token(),
        "undo": undoable(request),
        "unlocked": read.unlocked is not None,
        "opens_names": may(user, OPEN_SECTIONS),
        "documents": may(user, DOCUMENT_CASES),
        "decides": may(user, DECIDE_STATUS),
        "exports": may(user, EXPORT_CASES),
        "kinds": [(kind, _(KIND_NAMES[kind])) for kind in bulk.KINDS],
        "institution": institution,
        "language": get_language(),
    }
    return render(request, "finding/case-list.html", context, status=status)


@require_safe
@desk_page(OPEN_SECTIONS)
def names(request: HttpRequest) -> HttpResponse:
    """How many names can't be found yet, and the button that makes them findable."""
    institution = cast(Institution, cast(User, request.user).institution)
    context = {
        "left": names_missing(institution),
        "at_once": INDEXED_AT_ONCE,
        "unlocked": unlocked_institution(request) is not None,
        "institution": institution,
    }
    return render(request, "finding/names.html", context)


@require_POST
@desk_page(OPEN_SECTIONS)
def index_names(request: HttpRequest) -> HttpResponse:
    unlocked = unlocked_institution(request)
    if unlocked is None:
        messages.error(
            request, _("Names are sealed, and your keys are closed. Sign out, and sign in again to open them.")
        )
    elif index_names_of(cast(User, request.user), unlocked, INDEXED_AT_ONCE) == 0:
        messages.success(request, _("All names can be found now."))
    return redirect("case-names")


def new_form_token() -> str:
    """What tells a form that is sent twice."""
    return get_random_string(32)


def _closed() -> str:
    return _("Names are sealed, and your keys are closed. Sign out, and sign in again to open them.")


def _not_found(nowhere: tuple[str, ...]) -> str:
    said = _("This stands in no coded fact: %(words)s. If it is a name, write it into the field for names.")
    return said % {"words": ", ".join(nowhere)}


def _tell_left(request: HttpRequest, left: int) -> None:
    told = ngettext(
        "%(number)s name was not looked at yet, for it came without the key. See “Names that can’t be found yet”.",
        "%(number)s names were not looked at yet, for they came without the key. See “Names that can’t be found yet”.",
        left,
    )
    messages.warning(request, told % {"number": left})
