"""The claim: something an article says is so."""

from app.annotations.kinds.base import Kind
from app.annotations.kinds.types import Attribute, Choice, Text, when

CLAIM = Kind(
    name="claim",
    doc="A statement of the article that could be true or false.",
    attributes=(
        Attribute(
            "statement",
            Text(4000),
            "The claim in the annotator's words, understandable without the article.",
        ),
        Attribute(
            "claim_type",
            Choice(
                (
                    "event_property",
                    "numerical",
                    "quote",
                    "causal",
                    "position",
                    "prediction",
                    "comparison",
                )
            ),
            "What sort of thing is claimed.",
        ),
        Attribute(
            "modality",
            Choice(("asserted", "possible", "denied", "predicted")),
            "How firmly the article commits to it.",
        ),
        Attribute(
            "check_worthiness",
            Choice(("non_factual", "unimportant_factual", "check_worthy")),
            "Whether checking it would matter to the public.",
        ),
        Attribute("topic", Text(200), "What the claim is about."),
        Attribute("time", when(text=True), "When what is claimed took place."),
        Attribute("location", Text(500), "Where what is claimed took place."),
    ),
)
