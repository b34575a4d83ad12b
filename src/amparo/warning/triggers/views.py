"""Rules: the list, and one with what it would have raised in all that is documented."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.institutions.access import DECIDE_ALERTS, HANDLE_ALERTS, desk_page, may
from amparo.institutions.signed_in import institution_of, person
from amparo.ui.forms import status_of, with_version
from amparo.warning.desk import PER_PAGE, explain, posted_version, show, try_or_tell
from amparo.warning.held import AlertError
from amparo.warning.models import Rule
from amparo.warning.running.found_words import explain_found
from amparo.warning.triggers.forms import RuleForm
from amparo.warning.triggers.keeping import keep_rule, rules_of, switch_rule, try_rule


@require_safe
@desk_page(HANDLE_ALERTS)
def rule_list(request: HttpRequest) -> HttpResponse:
    return show(request, "warning/rules.html", rules=rules_of(institution_of(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HANDLE_ALERTS)
def rule_page(request: HttpRequest, kind: str) -> HttpResponse:
    """A rule with its numbers; sent, they are kept, and what they would have raised is shown."""
    rule, decides = _find(request, kind), may(person(request), DECIDE_ALERTS)
    form = RuleForm(request.POST or None, rule=rule)
    if request.method == "POST":
        if not decides:
            return show(request, "institutions/not-allowed.html", status=403)
        if form.is_valid():
            user, version = person(request), form.cleaned_data["version"]
            if try_or_tell(form, lambda: keep_rule(user, kind, form.numbers(), version=version)) is not None:
                messages.success(request, _("Tried out. Look at what it would have raised, then switch it on."))
                return redirect("rule", kind)
            form.data = with_version(request, rule.version)
    found = list(reversed(try_rule(rule.institution, kind, rule.parameters))) if rule.tested_at else []
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    tried = [(each, explain_found(kind, each)) for each in page.object_list]
    return show(
        request,
        "warning/rule.html",
        status=status_of(form),
        rule=rule,
        form=form,
        page=page,
        tried=tried,
        decides=decides,
    )


@require_POST
@desk_page(DECIDE_ALERTS)
def switch(request: HttpRequest, kind: str) -> HttpResponse:
    """Switch a rule on, or off."""
    on, version = request.POST.get("on") == "yes", posted_version(request)
    try:
        switch_rule(person(request), kind, on=on, version=version)
    except Rule.DoesNotExist:
        raise Http404 from None
    except AlertError as refused:
        messages.error(request, explain(refused.code))
    else:
        messages.success(request, _("Switched on: it is asked each night.") if on else _("Switched off."))
    return redirect("rule", kind)


def _find(request: HttpRequest, kind: str) -> Rule:
    found = next((rule for rule in rules_of(institution_of(request)) if rule.kind == kind), None)
    if found is None:
        raise Http404
    return found
