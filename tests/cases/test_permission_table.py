"""Who may do what: role × institution × page, and institution × action × state of consent. Each cell is asked for."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from amparo.cases.models import Evidence, Share
from amparo.cases.sharing import services
from amparo.institutions import access
from amparo.institutions.models import this_hour
from amparo.vault import services as vault
from amparo.vault.consent import today
from amparo.vault.models import Consent
from tests.cases.sharing.conftest import STORY, Case, make_case
from tests.channel.triage.conftest import Desk, make_desk
from tests.channel.triage.test_report_files import add_file
from tests.factories import SUPPORT, make_institution, make_report

pytestmark = pytest.mark.django_db

ROLES = ("focal-point", "case-worker", "analyst", "editor", "administrator", "auditor")

# permission            focal  case   analyst editor admin  auditor
PERMISSIONS = """
read-coded-facts        yes    yes    yes     yes    no     no
open-sections           yes    yes    no      no     no     no
answer-reports          yes    yes    no      no     no     no
document-cases          yes    yes    no      no     no     no
decide-status           yes    yes    no      no     no     no
protect-defenders       yes    yes    no      no     no     no
keep-conditions         yes    yes    yes     yes    no     no
share-sections          yes    no     no      no     no     no
export-cases            yes    yes    yes     no     no     no
read-audit              yes    yes    no      no     no     yes
read-log                no     no     no      no     no     yes
keep-key                yes    no     no      no     no     no
manage-people           yes    no     no      no     yes    no
set-up-channel          yes    no     no      no     yes    no
set-up-institutions     no     no     no      no     no     no
handle-alerts           yes    yes    no      no     no     no
decide-alerts           yes    no     no      no     no     no
"""

# Pages of one case, of its consents, its sharing, its history, its files and its export: page and permission. Somebody
# of another institution, also of one that the case is shared with, finds none of them.
CASE_PAGES = """
case                    read-coded-facts
case-response           read-coded-facts
case-status             read-coded-facts
intervention-add        document-cases
case-consent            read-coded-facts
consent-history         read-coded-facts
consent-record          document-cases
consent-withdraw        document-cases
case-sharing            share-sections
sharing-stop            share-sections
case-history            read-audit
case-evidence           open-sections
case-evidence-add       document-cases
case-evidence-piece     open-sections
case-evidence-copy      open-sections
case-evidence-original  open-sections
case-evidence-custody   open-sections
case-leave              export-cases
case-file               export-cases
case-package            open-sections
"""

# Pages of an institution's own: who may open them finds her institution's things in them and no other's.
DESK_PAGES = """
case-list               read-coded-facts
case-find               read-coded-facts
case-export             export-cases
shared-with-us          open-sections
shared-case             open-sections
shared-file             open-sections
"""

# Of the quality of data, of conditions for civic space, and of the early warning: complete, as a test below holds.
WATCHING_PAGES = """
quality                     read-coded-facts
quality-completeness        read-coded-facts
quality-delays              read-coded-facts
quality-unusual             read-coded-facts
quality-duplicates          read-coded-facts
quality-csv                 export-cases
quality-agreement           read-coded-facts
quality-round               read-coded-facts
quality-round-next          document-cases
quality-round-drop          document-cases
quality-round-csv           export-cases
quality-code-again          document-cases
quality-resolve             decide-status
conditions                  read-coded-facts
condition-new               keep-conditions
conditions-waiting          keep-conditions
conditions-template         read-coded-facts
conditions-download         export-cases
conditions-countries        read-coded-facts
conditions-country          read-coded-facts
condition                   read-coded-facts
condition-change            keep-conditions
condition-undo              keep-conditions
condition-send              keep-conditions
condition-approve           keep-conditions
condition-give-back         keep-conditions
condition-withdraw          keep-conditions
condition-put-back          keep-conditions
condition-remove            keep-conditions
warning                     handle-alerts
rules                       handle-alerts
rule                        handle-alerts
rule-switch                 decide-alerts
signals                     handle-alerts
signal-new                  handle-alerts
signal                      handle-alerts
alert-new                   decide-alerts
alert-add-signal            decide-alerts
backtest                    handle-alerts
backtest-of                 handle-alerts
backtest-csv                handle-alerts
forecast                    handle-alerts
forecast-of                 handle-alerts
forecast-csv                handle-alerts
media                       handle-alerts
media-new                   handle-alerts
feeds                       handle-alerts
feed-new                    handle-alerts
feed-look                   handle-alerts
feed-switch                 handle-alerts
feed-remove                 handle-alerts
media-aside                 handle-alerts
media-code                  handle-alerts
alerts                      handle-alerts
alert                       handle-alerts
alert-level                 decide-alerts
alert-known                 decide-alerts
alert-mute                  decide-alerts
alert-unmute                decide-alerts
alert-merge                 decide-alerts
alert-close                 decide-alerts
alert-reopen                decide-alerts
alert-share                 decide-alerts
alert-not-shared            decide-alerts
task-new                    handle-alerts
tasks                       handle-alerts
task-tick                   handle-alerts
task-approve                decide-alerts
task-hand                   handle-alerts
advice-new                  decide-alerts
advice                      decide-alerts
alert-review                decide-alerts
step-tick                   handle-alerts
procedures                  handle-alerts
procedure-add               decide-alerts
procedure-move              decide-alerts
procedure-hide              decide-alerts
procedure-restore           decide-alerts
statement-new               handle-alerts
statements                  handle-alerts
statement                   handle-alerts
statement-text              handle-alerts
statement-text-in           handle-alerts
statement-sign              decide-alerts
statement-take-back         decide-alerts
statement-approve           decide-alerts
statement-invite            decide-alerts
statement-take-off          decide-alerts
statement-leave             decide-alerts
statement-issue             decide-alerts
statement-correct           decide-alerts
statement-withdraw          decide-alerts
alert-record                handle-alerts
call-answer                 handle-alerts
duty                        handle-alerts
focal-point-new             decide-alerts
focal-point                 handle-alerts
focal-point-channel         handle-alerts
focal-point-move            decide-alerts
focal-point-leave           decide-alerts
rota                        handle-alerts
shift-new                   decide-alerts
shift-put-back              decide-alerts
shift-take-over             handle-alerts
shift-remove                decide-alerts
drills                      handle-alerts
drill-now                   decide-alerts
"""
WATCHING = ("desk/quality/", "desk/conditions/", "desk/warning/")

# action      institution    none   valid  expired  withdrawn
CONSENTS = """
read          own            yes    yes    yes      yes
read          shared-with    no     yes    no       no
read          other          no     no     no       no
fetch-file    shared-with    no     yes    no       no
fetch-file    other          no     no     no       no
share         own            no     yes    no       no
share         shared-with    no     no     no       no
share         other          no     no     no       no
hand-out      own            no     yes    no       no
hand-out      other          no     no     no       no
"""
STATES = ("none", "valid", "expired", "withdrawn")


def rows(table: str) -> Iterator[list[str]]:
    yield from (line.split() for line in table.strip().splitlines())


ALLOWED = {
    name: {role for role, may in zip(ROLES, said, strict=True) if may == "yes"} for name, *said in rows(PERMISSIONS)
}
PAGES = {name: permission for table in (CASE_PAGES, DESK_PAGES, WATCHING_PAGES) for name, permission in rows(table)}


def desk_patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in (resolver or get_resolver()).url_patterns:
        address = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from desk_patterns(each, address)
        elif "desk/" in address:
            yield address, each


def test_every_page_of_the_desk_is_under_a_permission() -> None:
    pages = {address: getattr(each.callback, "permission", None) for address, each in desk_patterns()}

    assert len(pages) > 100
    assert {address for address, permission in pages.items() if permission not in ALLOWED} == {
        address for address, permission in pages.items() if permission == access.OWN_PAGE
    }


def test_the_pages_of_the_table_are_under_the_permission_that_it_says() -> None:
    held = {each.name: getattr(each.callback, "permission", None) for _, each in desk_patterns()}

    assert {name: held.get(name) for name in PAGES} == PAGES


def test_no_page_of_watching_is_left_out_of_the_table() -> None:
    pages = {each.name for address, each in desk_patterns() if any(part in address for part in WATCHING)}

    assert pages == {name for name, _ in rows(WATCHING_PAGES)}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_the_table_says(role: str) -> None:
    user = make_desk(role=role).user

    assert {name for name in ALLOWED if access.may(user, name)} == {
        name for name, roles in ALLOWED.items() if role in roles
    }


@pytest.fixture
def shared() -> Case:
    """A case with a file, shared with the network under a consent that holds."""
    case = make_case()
    report = make_report(case.founded, incident=case.incident, status="accepted")
    Evidence.objects.create(incident=case.incident, file=add_file(report), added_at=this_hour())
    case.agree()
    case.share()
    return case


@pytest.mark.parametrize("role", ROLES)
def test_each_page_of_a_case_opens_to_its_roles_at_its_own_institution_only(shared: Case, role: str) -> None:
    own, there, stranger = (
        make_desk(shared.founded, role).client,
        make_desk(shared.there.founded, role).client,
        make_desk(make_institution(kind="ganhri"), role).client,
    )
    pages = [name for name, _ in rows(CASE_PAGES)]

    found = {
        name: (opens(own, shared, name), opens(there, shared, name), opens(stranger, shared, name)) for name in pages
    }

    assert found == {
        name: ("yes", "not found", "not found") if role in ALLOWED[PAGES[name]] else ("no", "no", "no")
        for name in pages
    }


@pytest.mark.parametrize("role", ROLES)
def test_what_is_shared_opens_to_who_opens_sections_there_and_to_nobody_else(shared: Case, role: str) -> None:
    address = reverse("shared-case", args=[Share.objects.get().pk])
    desks = [
        make_desk(shared.there.founded, role),
        make_desk(shared.founded, role),
        make_desk(make_institution(kind="network"), role),
    ]

    found = [desk.client.get(address).status_code for desk in desks]

    assert found == ([200, 404, 404] if role in ALLOWED["open-sections"] else [403, 403, 403])


def opens(client: Client, case: Case, name: str) -> str:
    more = {
        "sharing-stop": [Share.objects.get().pk],
        **dict.fromkeys(
            (page for page in PAGES if page.startswith("case-evidence-") and page != "case-evidence-add"),
            [Evidence.objects.get().pk],
        ),
    }
    address = case.address(name, *more.get(name, []))
    answer = client.get(address)
    if answer.status_code == 405:
        answer = client.post(address)
    return {403: "no", 404: "not found"}.get(answer.status_code, "yes")


def bring_into(state: str, case: Case) -> None:
    if state == "none":
        return
    case.agree()
    case.agree(recipient="special-procedures", purpose="communication-un")
    case.share()
    if state == "expired":
        Consent.objects.update(expires_on=today() - timedelta(days=1))
    if state == "withdrawn":
        for recipient, purpose in (("network", SUPPORT), ("special-procedures", "communication-un")):
            parts, unlocked = case.parts().values(), case.founded.unlocked
            services.withdraw_consent(case.user, case.incident.pk, parts, recipient, [purpose], unlocked)


def reads(desk: Desk, case: Case) -> bool:
    pages = [case.address("case")]
    pages += [reverse("shared-case", args=[share.pk]) for share in Share.objects.all()]
    return any(STORY in desk.client.get(page).content.decode() for page in pages)


def fetches_file(desk: Desk, case: Case) -> bool:
    file = Evidence.objects.get().file
    pages = [reverse("shared-file", args=[share.pk, file.pk]) for share in Share.objects.all()]
    return any(desk.client.post(page).status_code == 200 for page in pages)


def shares(desk: Desk, case: Case) -> bool:
    to = case.there.founded.institution
    sent = {"to": to.code, "purpose": SUPPORT, "parts": list(map(str, case.parts().values()))}
    return desk.client.post(case.address("case-sharing"), sent).status_code == 302


def hands_out(desk: Desk, case: Case) -> bool:
    unlocked = desk.founded.unlocked
    left = vault.open_for_recipient(case.sections(), unlocked, "special-procedures", "communication-un")
    return bool(left)


ACTIONS: dict[str, Callable[[Desk, Case], bool]] = {
    "read": reads,
    "fetch-file": fetches_file,
    "share": shares,
    "hand-out": hands_out,
}


@pytest.mark.parametrize("state", STATES)
def test_what_each_institution_may_do_in_each_state_of_consent(state: str) -> None:
    case = make_case()
    report = make_report(case.founded, incident=case.incident, status="accepted")
    Evidence.objects.create(incident=case.incident, file=add_file(report), added_at=this_hour())
    bring_into(state, case)
    desks = {"own": case.desk, "shared-with": case.there, "other": make_desk(make_institution(kind="network"))}

    found = {
        (action, institution): "yes" if ACTIONS[action](desks[institution], case) else "no"
        for action, institution, *_ in rows(CONSENTS)
    }

    assert found == {(action, institution): said[STATES.index(state)] for action, institution, *said in rows(CONSENTS)}
