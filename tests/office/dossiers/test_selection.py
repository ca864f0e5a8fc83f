"""A decision on selected pupils or candidates, one after another, until the tables do not answer."""

from dataclasses import replace

from chalicelib.domain.refusals import Unavailable
from chalicelib.office.dossiers.selection import SelectionOutcome, try_each
from chalicelib.office.refusals import OfficeRefusal

Numbered = SelectionOutcome[int, str, str]


def test_a_refusal_leaves_the_others_and_a_fault_stops_them() -> None:
    acts: list[int] = []

    def act(outcome: Numbered) -> Numbered:
        acts.append(outcome.choice)
        if outcome.choice == 1:
            raise OfficeRefusal("decide_vanished")
        if outcome.choice == 3:
            raise Unavailable("no table")
        return replace(outcome, outcome="done")

    refused_before = Numbered(5, "refused", refusal=OfficeRefusal("decide_vanished"))
    outcomes = try_each([*(Numbered(number, "waiting") for number in range(5)), refused_before], act)

    assert [one.outcome for one in outcomes] == ["done", "refused", "done", "unsure", "left", "refused"]
    assert acts == [0, 1, 2, 3]
