"""The table of texts that can be searched: derived from history, so never evidence, and made anew at will."""

import sqlalchemy as sa
from sqlmodel import Field

from store.search.word_index import CREATE
from store.tables import Row, text_field


class SaidRow(Row, table=True):
    """A text that a project's record says, or that a page says outside every project; each but once.

    Either `number` or `page_id` is given. `first_capture_id` is the visit that first showed the text,
    `gone_capture_id` the one that missed it; null while it stands.
    """

    __tablename__ = "said"
    __table_args__ = (
        sa.CheckConstraint("(number IS NULL) <> (page_id IS NULL)", name="one_speaker"),
        sa.Index(None, "source", "number", "sha256"),
        sa.Index(None, "page_id", "sha256"),
    )
    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(foreign_key="source.name")
    number: int | None = None
    page_id: int | None = Field(default=None, foreign_key="page.id")
    field: str
    text: str = text_field("text")
    sha256: str = Field(max_length=64)
    first_capture_id: int = Field(foreign_key="capture.id")
    gone_capture_id: int | None = Field(default=None, foreign_key="capture.id")


SAID = Row.metadata.tables["said"]

for _dialect, _statements in CREATE.items():
    for _statement in _statements:
        sa.event.listen(SAID, "after_create", sa.DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
