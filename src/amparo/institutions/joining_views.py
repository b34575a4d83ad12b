"""Coming in from outside: by an invitation's code, or by recovery shares when nobody is left."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from amparo.institutions.forms import InvitationCode, NewPassword, NewPerson, SharesForm
from amparo.institutions.models import Institution
from amparo.institutions.people import come_in_by_shares, find_invitation, join
from amparo.institutions.people_views import shares_to_print
from amparo.institutions.problems import AccountProblem
from amparo.institutions.services import make_shares_anew, unlock_institution
from amparo.vault import services as vault
from amparo.vault.services import describe_bad_share
from amparo.vault.shares import BadShare


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_page(request: HttpRequest) -> HttpResponse:
    """The code first, then name and password. The code comes in a form: no address and no log ever holds it."""
    code_form = InvitationCode(request.POST or None)
    if request.method != "POST" or not code_form.is_valid():
        return render(request, "institutions/join.html", {"code_form": code_form})
    code = code_form.cleaned_data["code"]
    try:
        found = find_invitation(code)
        chosen = request.POST if "new_password" in request.POST else None
        form = NewPassword(chosen, owner=found.replaces) if found.replaces else NewPerson(chosen)
        if chosen is not None and form.is_valid():
            user = join(code, form.cleaned_data.get("username", ""), form.cleaned_data["new_password"])
            return render(request, "institutions/joined.html", {"member": user})
    except AccountProblem as problem:
        code_form.add_error("code", problem.told)
        return render(request, "institutions/join.html", {"code_form": code_form})
    return render(request, "institutions/join.html", {"form": form, "invitation": found, "code": code})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recover_page(request: HttpRequest) -> HttpResponse:
    """Some of the shares open the institution: a locked one is unlocked, and a new focal point comes in."""
    form = SharesForm(request.POST or None)
    with_person = request.POST.get("with_person") == "yes"
    person = NewPerson(request.POST if with_person else None)
    if request.method == "POST" and form.is_valid() and (not with_person or person.is_valid()):
        # Not slowed down: 128 bits are not guessed, and a stranger must not keep out those who need it most.
        try:
            return _let_in(request, vault.recover(form.shares), person if with_person else None)
        except BadShare as bad:
            form.add_error(None, describe_bad_share(bad))
    return render(request, "institutions/recover.html", {"form": form, "person": person, "with_person": with_person})


@transaction.atomic
def _let_in(request: HttpRequest, recovered: vault.Unlocked, person: NewPerson | None) -> HttpResponse:
    institution = Institution.objects.get(key_pair_id=recovered.key_pair_id)
    if institution.locked_at is not None:
        unlock_institution(institution, None, "shares")
    if person is None:
        return render(request, "institutions/unlocked.html", {"founded": institution})
    user = come_in_by_shares(recovered, person.cleaned_data["username"], person.cleaned_data["new_password"])
    # These shares have now been typed into a computer: others take their place.
    made = make_shares_anew(institution, user, recovered)
    context = shares_to_print(institution, made) | {"told": _("You are in. Print the new shares, then sign in.")}
    return render(request, "institutions/shares.html", context)
