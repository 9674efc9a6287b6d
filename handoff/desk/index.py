"""The index of words over all messages: FTS5 on SQLite, an index of ``tsvector`` on PostgreSQL.

Kept by the database itself, so that no writer can forget it. Migrations run :func:`statements`.
"""

from __future__ import annotations

# Marks belong to the word in Devanagari and Bengali; accents do not make another word.
_TOKENS = "unicode61 remove_diacritics 2 categories ''L* N* Co Mn Mc''"
JOINTS = "-/.@_:"  # split words here: SO-100123 is found by 100123

_SQLITE = (
    f"CREATE VIRTUAL TABLE message_words USING fts5(text, message_id UNINDEXED, tokenize='{_TOKENS}')",
    """CREATE TRIGGER message_words_insert AFTER INSERT ON messages WHEN new.text <> '' BEGIN
         INSERT INTO message_words (text, message_id) VALUES (new.text, new.id);
       END""",
    """CREATE TRIGGER message_words_update AFTER UPDATE OF text ON messages WHEN new.text <> old.text BEGIN
         DELETE FROM message_words WHERE message_id = old.id;
         INSERT INTO message_words (text, message_id) SELECT new.text, new.id WHERE new.text <> '';
       END""",
    """CREATE TRIGGER message_words_delete AFTER DELETE ON messages BEGIN
         DELETE FROM message_words WHERE message_id = old.id;
       END""",
)
WORDS = f"to_tsvector('simple', translate(messages.text, '{JOINTS}', '{' ' * len(JOINTS)}'))"
_POSTGRESQL = (f"CREATE INDEX ix_messages_words ON messages USING gin ({WORDS.replace('messages.', '')})",)


def statements(dialect: str) -> tuple[str, ...]:
    """What makes the index on a database that has the table ``messages``."""
    return _POSTGRESQL if dialect == "postgresql" else _SQLITE
