"""The key of a teacher: the same for all spellings of a name."""

from chalicelib.domain.family.teacher_keys import as_teacher_key, is_teacher_key, teacher_key


def test_all_spellings_of_a_name_have_one_key_and_none_without_a_name() -> None:
    key = teacher_key("Zoé ARPEGE")

    assert {teacher_key(name) for name in ("zoe arpege", " Zoé  Arpège ")} == {key}
    assert (as_teacher_key(key), as_teacher_key("Zoé Arpège")) == (key, key)
    assert [is_teacher_key(typed) for typed in (key, "Zoé Arpège", "")] == [True, False, False]
    assert not teacher_key(" ")
