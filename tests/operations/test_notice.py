"""`make notice`: an incident on « Connexion » and « État du service », its end, and the publishers that keep it."""

from datetime import UTC, datetime, timedelta

import pytest

from operations.deploy.commands import FAILED, OK, NotReady
from operations.deploy.notice import announce, read_notice
from operations.deploy.status import show
from tests.support.french import plain
from tests.support.operator import Operator

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..Serverless")

NOON = datetime(2027, 6, 1, 10, tzinfo=UTC)  # in Paris
NOTHING = "Aucun incident en cours."
PAGES = ("extranet/etat", "extranet/usager")


def act(stack: Operator, text: str) -> int:
    now = datetime.now(UTC)
    stack.output = []
    return announce(stack.aws, stack.stage, stack.output.append, read_notice(text, "", now), now)


def shown(stack: Operator, words: str) -> list[str]:
    """List the pages that show some words."""
    s3, bucket = stack.aws.client("s3"), stack.outputs().pages_bucket
    pages = {key: plain(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()) for key in PAGES}
    return [key for key, page in pages.items() if words in page]


def test_an_incident_is_shown_escaped_kept_by_a_deployment_and_taken_away(stack: Operator) -> None:
    assert shown(stack, NOTHING) == ["extranet/etat"]

    assert act(stack, " Les mails partent  avec retard <b> : patientez. ") == OK

    assert shown(stack, "<p>Les mails partent avec retard &lt;b&gt; : patientez.</p>") == list(PAGES)
    assert shown(stack, '<p id="aucun-incident" hidden>') == ["extranet/etat"]
    stack.deploy()
    assert shown(stack, "Incident en cours") == list(PAGES)
    show(stack.status(), stack.stage, stack.output.append)
    assert "Notice of an incident: shown until" in stack.text()
    assert act(stack, "") == OK
    assert shown(stack, "Incident en cours") == []
    assert shown(stack, f'<p id="aucun-incident">{NOTHING}</p>') == ["extranet/etat"]


def test_while_the_tables_do_not_answer_the_status_page_alone_shows_it(stack: Operator) -> None:
    with stack.under.failing("BatchWriteItem", "before"):
        assert act(stack, "Rien ne s'ouvre.") == FAILED
    assert shown(stack, "Rien ne s'ouvre.") == ["extranet/etat"]
    assert "Run the same command again" in stack.text()

    assert act(stack, "Rien ne s'ouvre.") == OK
    assert shown(stack, "Rien ne s'ouvre.") == list(PAGES)


@pytest.mark.parametrize(("until", "hours"), [("", 4), ("18:30", 6.5), ("09:00", 21), ("2027-06-02 12:00", 24)])
def test_it_ends_by_itself(until: str, hours: float) -> None:
    notice = read_notice("Panne.", until, NOON)

    assert notice
    assert notice.until - NOON == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        *(("x" * 301, ""), ("Panne.", "bientôt"), ("Panne.", "2027-06-01 11:59"), ("Panne.", "0001-01-01 00:00")),
        ("Panne.", "9999-12-31 23:59"),
    ],
)
def test_another_text_or_end_changes_nothing(text: str, until: str) -> None:
    with pytest.raises(NotReady, match="Nothing was changed"):
        read_notice(text, until, NOON)
