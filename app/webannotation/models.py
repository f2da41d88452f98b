"""What a client of the protocol calls an annotation or link, beside the IRI it has here."""

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.columns import Id, Json, key
from app.kernel.db import Base


class WebName(Base):
    """The names of one annotation or one link: `canonical` for good, `via` where it came from.

    Only what came with such names has a row; the row goes with the thing.
    """

    __tablename__ = "web_names"
    __table_args__ = (
        UniqueConstraint("annotation_id"),
        UniqueConstraint("link_id"),
        CheckConstraint("(annotation_id IS NULL) <> (link_id IS NULL)", name="one_thing"),
    )

    id: Mapped[key]
    annotation_id: Mapped[str | None] = mapped_column(
        Id, ForeignKey("annotations.id", ondelete="CASCADE")
    )
    link_id: Mapped[str | None] = mapped_column(Id, ForeignKey("links.id", ondelete="CASCADE"))
    canonical: Mapped[str | None] = mapped_column(Text)
    via: Mapped[list[str]] = mapped_column(Json)
