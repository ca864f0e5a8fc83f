"""What the office is refused, in a French sentence that says what to do; no family ever reads it."""

from chalicelib.office.sentences import sentence


class OfficeRefusal(Exception):
    """An expected no to somebody of the office."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.sentence = sentence(code, **facts)
