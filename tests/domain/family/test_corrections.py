"""Corrections: each decision has a unique name, and `repr` shows no person."""

from datetime import UTC, datetime

from chalicelib.domain.family.corrections import Actor, Confirmation, Correction, is_decision_of, new_decision

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)


def test_two_decisions_have_two_names() -> None:
    assert new_decision() != new_decision()


def test_a_decision_is_known_by_what_was_asked_for_before() -> None:
    decision = new_decision()
    actor = Actor("family", "Aimée")
    first, second = (Correction("payer", (), (), actor, NOW, new_decision(of)) for of in (decision, ""))

    assert [is_decision_of(decision, correction) for correction in (first, second)] == [True, False]
    assert not is_decision_of("", second)


def test_nothing_personal_shows_where_a_change_is_printed() -> None:
    actor = Actor("family", "Aimée Rossignol")
    correction = Correction(
        "telephones", ("01 99 00 12 34",), ("01 99 00 56 78",), actor, NOW, "name", "Côme Rossignol"
    )

    text = repr((correction, Confirmation("Aimée Rossignol", NOW)))

    assert not any(word in text for word in ("Rossignol", "01 99"))
