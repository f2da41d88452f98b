"""Messages that also carry the stable word of the rule they tell."""


class Sentence(str):
    """A sentence for people with a `code` for programs."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, detail: str, code: str) -> "Sentence":
        made = super().__new__(cls, detail)
        made.code = code
        return made
