"""Joint statements on the public site: the list, and each with who signed it, its corrections or its withdrawal."""

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from amparo.warning.models import PublicStatement
from amparo.warning.statements.reading import public_statements, show_statement

PER_PAGE = 20


@require_safe
def statement_list(request: HttpRequest) -> HttpResponse:
    """All statements that were issued, the newest first; those withdrawn stay with their notice."""
    page = _page_asked_for(request)
    shown = [show_statement(each, _reader()) for each in page.object_list]
    return render(
        request,
        "portal/statement-list.html",
        {"page": page, "statements": shown, "invented": any(each.is_invented for each in shown)},
    )


@require_safe
def statement(request: HttpRequest, number: int, language: str = "") -> HttpResponse:
    """One statement, in the reader's language where it has that, or in the `language` that was asked for."""
    found = get_object_or_404(public_statements(), pk=number)
    if language and language not in found.texts:
        raise Http404
    shown = show_statement(found, language or _reader())
    return render(request, "portal/statement.html", {"statement": shown, "invented": shown.is_invented})


def _page_asked_for(request: HttpRequest) -> Page[PublicStatement]:
    """The page of the list. Raises Http404 for one that is not there, however it is written.

    Each page has one address: else a stranger could fill the cache in front with the last one under a million names.
    """
    said = request.GET.get("page") or "1"
    try:
        page = Paginator(public_statements(), PER_PAGE).page(said)
    except InvalidPage:
        raise Http404 from None
    if str(page.number) != said:
        raise Http404
    return page


def _reader() -> str:
    return (get_language() or "en").split("-")[0]
