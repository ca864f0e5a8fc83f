"""The office's refusals: a French sentence with the next step. Families never read them."""

from chalicelib.office.sentences import sentence


class OfficeRefusal(Exception):
    """An expected refusal to a member of the office."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.sentence = sentence(code, **facts)
