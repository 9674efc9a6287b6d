"""The index in which utterances are searched on SQLite: pieces of three letters, whatever the script.

PostgreSQL reads the 200,000 texts in a third of a second without one. Kept by the database itself.
Migrations run :func:`statements`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, text, true

from handoff.workbench.models import Utterance

SHORTEST = 3  # letters of a word that the index can find

_SQLITE = (
    "CREATE VIRTUAL TABLE utterance_words USING fts5(text, utterance_id UNINDEXED, tokenize='trigram')",
    """CREATE TRIGGER utterance_words_insert AFTER INSERT ON utterances BEGIN
         INSERT INTO utterance_words (text, utterance_id) VALUES (new.text, new.id);
       END""",
    """CREATE TRIGGER utterance_words_update AFTER UPDATE OF text ON utterances
         WHEN new.text <> old.text BEGIN
         DELETE FROM utterance_words WHERE utterance_id = old.id;
         INSERT INTO utterance_words (text, utterance_id) VALUES (new.text, new.id);
       END""",
    """CREATE TRIGGER utterance_words_delete AFTER DELETE ON utterances BEGIN
         DELETE FROM utterance_words WHERE utterance_id = old.id;
       END""",
)


def statements(dialect: str) -> tuple[str, ...]:
    """What makes the index on a database that has the table ``utterances``."""
    return _SQLITE if dialect == "sqlite" else ()


def holds(words: Sequence[str], *, indexed: bool) -> ColumnElement[bool]:
    """Each of the words stands somewhere in the text, in small or capital letters. ``indexed``: on SQLite."""
    found = [word for word in words if indexed and len(word) >= SHORTEST]
    parts = [Utterance.text.icontains(word, autoescape=True) for word in words if word not in found]
    if found:
        quoted = " AND ".join('"{}"'.format(word.replace('"', '""')) for word in found)
        asked = text("SELECT utterance_id FROM utterance_words WHERE utterance_words MATCH :words")
        parts.append(Utterance.id.in_(asked.bindparams(words=quoted).columns(Utterance.id)))
    return and_(true(), *parts)
