"""The pages of a statement at the desk: whose they are, bad input, sent twice, what each state shows."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from amparo.vault.models import LogEntry
from amparo.warning.models import PublicStatement, Statement
from amparo.warning.response.acting import Plan, plan_task, stop_sharing
from amparo.warning.statements.drafting import change_text, leave
from amparo.warning.statements.signing import sign
from amparo.warning.statements.texts import Words
from tests.factories import make_institution, make_member, sign_in
from tests.warning.statements.conftest import BODY, TITLE, Drafted


def fill(client: Client, address: str, **said: object) -> dict[str, object]:
    """What the form at `address` holds, with `said` typed into it."""
    held = {field.name: field.value() for field in client.get(address).context["form"]}
    return {name: value for name, value in (held | said).items() if value is not None}


def go_as(client: Client, drafted: Drafted, kind: str) -> None:
    client.logout()
    sign_in(client, drafted.user(kind))


def read(client: Client, name: str, *arguments: object) -> str:
    return str(client.get(reverse(name, args=arguments)).content.decode())


def post(client: Client, name: str, *arguments: object, **said: object) -> int:
    return client.post(reverse(name, args=arguments), said).status_code


def test_it_works(client: Client, drafted: Drafted) -> None:
    go_as(client, drafted, "nhri")
    beginning = reverse("statement-new", args=[drafted.alert.pk])
    network = str(drafted.chain["network"].institution.pk)
    said = fill(client, beginning, title=TITLE, body=BODY, language="en", invited=[network])
    made = client.post(beginning, said)
    assert client.post(beginning, said)["Location"] == made["Location"]
    statement = Statement.objects.get()

    go_as(client, drafted, "network")
    editing = reverse("statement-text-in", args=[statement.pk, "en"])
    client.post(editing, fill(client, editing, body="Edited invented words"))
    assert "Edited invented words" in read(client, "statement", statement.pk)
    post(client, "statement-sign", statement.pk, version=2)

    go_as(client, drafted, "nhri")
    page = read(client, "alert", drafted.alert.pk)
    assert reverse("statement", args=[statement.pk]) in page
    assert "joint statement signed" in page
    post(client, "statement-sign", statement.pk, version=2)
    issuing = reverse("statement-issue", args=[statement.pk])
    confirming = client.get(issuing).content.decode()
    assert "cannot be unsaid" in confirming
    assert "Edited invented words" in confirming
    assert client.post(issuing, {"version": 2, "no_names": "on"}).status_code == 302
    assert client.post(issuing, {"version": 2, "no_names": "on"}).status_code == 302
    public = PublicStatement.objects.get()

    client.logout()
    page = read(client, "public-statement", public.pk)
    assert "Edited invented words" in page
    assert all(str(drafted.chain[kind].institution.names["en"]) in page for kind in ("nhri", "network"))
    assert TITLE in read(client, "statement-list")


def test_without_the_tick_nothing_is_issued(client: Client, drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    for kind in ("nhri", "network"):
        sign(drafted.user(kind), statement.pk, version=1)
    go_as(client, drafted, "nhri")
    answer = client.post(reverse("statement-issue", args=[statement.pk]), {"version": 1})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"no_names"}
    assert not PublicStatement.objects.exists()


def test_a_text_that_changed_is_read_and_ticked_anew_before_it_is_issued(client: Client, drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    change_text(
        drafted.user("network"),
        statement.pk,
        "en",
        Words(TITLE, "Other invented words"),
        version=1,
        unlocked=drafted.chain["network"].unlocked,
    )
    for kind in ("nhri", "network"):
        sign(drafted.user(kind), statement.pk, version=2)
    go_as(client, drafted, "nhri")
    answer = client.post(reverse("statement-issue", args=[statement.pk]), {"version": 1, "no_names": "on"})
    assert answer.status_code == 422
    assert "Other invented words" in answer.content.decode()
    assert not answer.context["form"]["no_names"].value()
    assert not PublicStatement.objects.exists()


def test_bad_input_is_told_at_its_field_and_nothing_is_lost(client: Client, drafted: Drafted) -> None:
    go_as(client, drafted, "nhri")
    address = reverse("statement-new", args=[drafted.alert.pk])
    answer = client.post(address, fill(client, address, title="", body="Write to nobody@example.org", language="xx"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"title", "body", "language"}
    assert "Write to nobody@example.org" in answer.content.decode()


def test_what_somebody_else_wrote_meanwhile_is_shown_beside_what_was_typed(client: Client, drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    go_as(client, drafted, "nhri")
    address = reverse("statement-text-in", args=[statement.pk, "en"])
    typed = fill(client, address, body="Typed by the first")
    change_text(
        drafted.user("network"),
        statement.pk,
        "en",
        Words(TITLE, "Written by the second"),
        version=1,
        unlocked=drafted.chain["network"].unlocked,
    )
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert "Typed by the first" in answer.content.decode()
    assert "Written by the second" in answer.content.decode()
    again = {field.name: field.value() for field in answer.context["form"]}
    assert client.post(address, again).status_code == 302
    assert "Typed by the first" in read(client, "statement", statement.pk)


def test_the_page_says_that_a_signature_fell(client: Client, drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    sign(drafted.user("network"), statement.pk, version=1)
    change_text(
        drafted.user("nhri"),
        statement.pk,
        "en",
        Words(TITLE, "Other words"),
        version=1,
        unlocked=drafted.chain["nhri"].unlocked,
    )
    go_as(client, drafted, "network")
    page = read(client, "statement", statement.pk)
    assert "its signature no longer holds" in page
    assert "signed an earlier text" in page


def test_the_first_page_leads_to_what_waits_for_a_signature(client: Client, drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    go_as(client, drafted, "network")
    assert reverse("statement", args=[statement.pk]) in read(client, "warning")
    sign(drafted.user("network"), statement.pk, version=1)
    assert reverse("statement", args=[statement.pk]) not in read(client, "warning")
    change_text(
        drafted.user("nhri"),
        statement.pk,
        "en",
        Words(TITLE, "Other words"),
        version=1,
        unlocked=drafted.chain["nhri"].unlocked,
    )
    assert reverse("statement", args=[statement.pk]) in read(client, "warning")
    leave(drafted.user("nhri"), statement.pk)
    assert reverse("statement", args=[statement.pk]) not in read(client, "warning")


def test_a_further_language_is_marked_as_its_own(client: Client, drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    go_as(client, drafted, "nhri")
    address = reverse("statement-text", args=[statement.pk])
    client.post(address, fill(client, address, language="ar", title="عنوان متخيَّل", body="نص متخيَّل"))
    root = html.fromstring(read(client, "statement", statement.pk))
    assert root.xpath("//article[@lang='ar' and @dir='rtl']/h3/text()") == ["عنوان متخيَّل"]
    assert client.get(reverse("statement-text-in", args=[statement.pk, "fr"])).status_code == 404


def test_what_is_anothers_is_not_there(client: Client, drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    sign_in(client, make_member(make_institution()))
    pages = ("statement", "statement-text", "statement-leave", "statement-issue", "statement-correct")
    assert {client.get(reverse(name, args=[statement.pk])).status_code for name in pages} == {404}
    assert client.get(reverse("statement-new", args=[drafted.alert.pk])).status_code == 404
    doing = ("sign", "take-back", "approve", "leave", "withdraw", "issue")
    assert {post(client, f"statement-{name}", statement.pk, version=1) for name in doing} == {404}
    assert post(client, "statement-take-off", statement.pk, drafted.chain["network"].institution.pk) == 404
    assert post(client, "statement-invite", statement.pk, institution="1") == 404
    assert "None yet" in read(client, "statements")


def test_who_reads_the_alert_alone_sees_no_statement_of_others(client: Client, drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    go_as(client, drafted, "ganhri")
    page = read(client, "alert", drafted.alert.pk)
    assert "joint statement begun" in page
    assert reverse("statement", args=[statement.pk]) not in page
    assert client.get(reverse("statement", args=[statement.pk])).status_code == 404
    public = drafted.issue()
    assert reverse("public-statement", args=[public.pk]) in read(client, "alert", drafted.alert.pk)


def test_only_who_drafted_sees_what_is_for_it(client: Client, drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    for kind in ("nhri", "network"):
        sign(drafted.user(kind), statement.pk, version=1)
    go_as(client, drafted, "network")
    assert client.get(reverse("statement-issue", args=[statement.pk])).status_code == 404
    page = read(client, "statement", statement.pk)
    assert reverse("statement-issue", args=[statement.pk]) not in page
    assert "Take off" not in page


def test_who_declines_gets_a_page_that_says_what_goes_and_then_none(client: Client, drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    go_as(client, drafted, "network")
    assert "copy of the text is destroyed" in read(client, "statement-leave", statement.pk)
    assert post(client, "statement-leave", statement.pk) == 302
    assert post(client, "statement-leave", statement.pk) == 302
    assert client.get(reverse("statement", args=[statement.pk])).status_code == 404


def test_a_draft_that_was_given_up_says_so(client: Client, drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    leave(drafted.user("nhri"), statement.pk)
    go_as(client, drafted, "network")
    assert "It was given up" in read(client, "statement", statement.pk)
    assert client.get(reverse("statement-text", args=[statement.pk])).status_code == 404


def test_who_reads_the_alert_no_more_keeps_the_statement(client: Client, drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    stop_sharing(drafted.user("nhri"), drafted.alert.pk, drafted.chain["network"].institution)
    go_as(client, drafted, "network")
    assert reverse("alert", args=[drafted.alert.pk]) not in read(client, "statement", statement.pk)


def test_the_threatened_institution_approves_at_the_page(client: Client, make_drafted: Callable[..., Drafted]) -> None:
    drafted = make_drafted(threatens_institution=True)
    statement = drafted.begin("network")
    sign(drafted.user("network"), statement.pk, version=1)
    go_as(client, drafted, "nhri")
    assert "It cannot be issued before you approve" in read(client, "statement", statement.pk)
    post(client, "statement-approve", statement.pk, version=1, approve="yes")
    go_as(client, drafted, "network")
    assert post(client, "statement-issue", statement.pk, version=1, no_names="on") == 302
    assert PublicStatement.objects.exists()


def test_a_task_of_a_statement_leads_to_it(client: Client, drafted: Drafted) -> None:
    user = drafted.user("nhri")
    plan_task(user, drafted.alert.pk, Plan("statement", drafted.alert.opened_at.date(), user.institution))
    go_as(client, drafted, "nhri")
    root = html.fromstring(read(client, "alert", drafted.alert.pk))
    assert root.xpath("//a[@href='#statements']")
    assert root.xpath("//section//*[@id='statements']")


def test_reading_a_draft_is_logged(client: Client, drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    go_as(client, drafted, "network")
    read(client, "statement", statement.pk)
    assert LogEntry.objects.filter(action="section-opened", record=f"statement:{statement.pk}").count() == 1


def test_many_cost_no_more_queries(client: Client, drafted: Drafted) -> None:
    go_as(client, drafted, "nhri")
    counts = []
    for number in (2, 8):
        for _ in range(number):
            statement = drafted.begin("nhri", "network", "ganhri")
        with CaptureQueriesContext(connection) as queries:
            read(client, "statements")
            read(client, "statement", statement.pk)
            read(client, "alert", drafted.alert.pk)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_correction_and_a_withdrawal_are_asked_for_and_seen(client: Client, drafted: Drafted) -> None:
    public = drafted.issue()
    go_as(client, drafted, "nhri")
    correcting = reverse("statement-correct", args=[public.statement_id])
    assert client.post(correcting, fill(client, correcting, text_en="")).status_code == 422
    assert client.post(correcting, fill(client, correcting, text_en="It was three.")).status_code == 302
    page = read(client, "public-statement", public.pk)
    assert page.index("It was three.") < page.index(TITLE, page.index("<main"))
    withdrawing = reverse("statement-withdraw", args=[public.statement_id])
    assert "cannot be undone" in client.get(withdrawing).content.decode()
    client.post(withdrawing, fill(client, withdrawing, text_en="It rested on a mistake."))
    page = read(client, "public-statement", public.pk)
    assert "It rested on a mistake." in page
    assert TITLE not in page + read(client, "statement-list") + read(client, "statement", public.statement_id)
    assert client.get(withdrawing).status_code == 404
