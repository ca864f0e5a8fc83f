"""The steps in the office's words."""

import re
from typing import get_args

from chalicelib.domain.campaign.funnel import STEPS
from chalicelib.office.campaign.steps import LABELS, TO_DO, TOKENS, Token
from tests.support.french import slips


def test_each_step_has_its_word_its_name_and_what_to_do() -> None:
    assert list(TOKENS) == list(get_args(Token))
    assert set(TOKENS.values()) == set(LABELS) == set(TO_DO) == set(STEPS)
    assert [slips(said) for both in TO_DO.values() for said in both] == [[]] * 22


def test_a_reminder_that_is_advised_is_to_the_very_step() -> None:
    sentences = [(step, said) for step, both in TO_DO.items() for said in both]
    advised = {(step, token) for step, said in sentences for token in re.findall(r"--step (\S+)", said)}

    assert {token for _, token in advised} == {
        *("notifiee", "revenue", "remise", "mot-de-passe", "connectee", "commencee", "a-completer"),
    }
    assert all(TOKENS[token] == step for step, token in advised)
