"""Tables of the workbench: utterances, what people say of them, changes of files, trainings, models."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from actions.db import Base, new_id, now


class Utterance(Base):
    """A text that customers wrote, once however often it came, with nothing personal in it.

    Personal data is replaced by stand-ins of the same shape (a made-up address for an address) where
    ``spans`` says, so that the text can still be learnt from. ``reading`` is what the live model made of
    it; ``signals`` count what happened around it; ``score`` orders the queue.

    ``open → labelled (one label) → settled (agreed, may be learnt from) | skipped``.
    """

    __tablename__ = "utterances"
    __table_args__ = (
        # By usefulness; what is drawn at random lies apart, and is never learnt from.
        Index("ix_utterances_queue", "state", "hidden", "frozen", "score"),
        Index("ix_utterances_language", "language", "state", "hidden", "frozen", "score"),
        Index("ix_utterances_intent", "intent", "state", "hidden", "score"),
        Index("ix_utterances_random", "sampled", "state", "hidden", "key"),
        Index("ix_utterances_second", "second", "state", "score"),
        Index("ix_utterances_contradicting", "contradicting", "state", "score"),
        Index("ix_utterances_group", "group_id"),
        Index("ix_utterances_topic", "topic_id", "state"),
        Index("ix_utterances_last", "state", "last_at"),
        Index("ix_utterances_talk", "conversation_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(64), unique=True)  # hash of the folded text
    text: Mapped[str] = mapped_column(Text)
    spans: Mapped[list[Any]] = mapped_column(default=list)  # [{"start", "end", "kind"}] of stand-ins
    language: Mapped[str | None] = mapped_column(String(8))
    script: Mapped[str | None] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(10), default="talk")  # talk import
    count: Mapped[int] = mapped_column(default=1)  # how often it was written
    conversation_id: Mapped[str | None] = mapped_column(String(32))  # where it was last …
    number: Mapped[int | None]  # … and its message there
    reading: Mapped[dict[str, Any]] = mapped_column(default=dict)  # intent, confidence, margin, in_scope, …
    intent: Mapped[str | None] = mapped_column(String(60))  # of the reading, to find it by
    signals: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"handed_over": n, "disliked": n, …}
    reasons: Mapped[list[str]] = mapped_column(default=list)  # why it is worth a look, strongest first
    score: Mapped[float] = mapped_column(default=0.0)  # 0..1, usefulness of a label
    group_id: Mapped[str | None] = mapped_column(String(32))  # the utterance that stands for its like
    group_size: Mapped[int] = mapped_column(default=1)  # of the group it stands for, itself included
    hidden: Mapped[bool] = mapped_column(default=False)  # another one stands for it in the queue
    topic_id: Mapped[str | None] = mapped_column(String(32))
    sampled: Mapped[bool] = mapped_column(default=False)  # drawn at random, whatever its score
    frozen: Mapped[bool] = mapped_column(default=False)  # of the test set: never learnt from
    second: Mapped[bool] = mapped_column(default=False)  # two people are to label it
    contradicting: Mapped[bool] = mapped_column(default=False)  # its like were labelled otherwise
    state: Mapped[str] = mapped_column(String(10), default="open")
    assigned_to: Mapped[str | None] = mapped_column(String(32), index=True)  # an agent's id
    assigned_until: Mapped[datetime | None]  # a lease; null with assigned_to: by a supervisor
    change_id: Mapped[str | None] = mapped_column(String(32), index=True)  # which took it into the data
    first_at: Mapped[datetime] = mapped_column(default=now)
    last_at: Mapped[datetime] = mapped_column(default=now)


class UtteranceBand(Base):
    """Marks under which the like of an utterance are found; only of those that stand for their group."""

    __tablename__ = "utterance_bands"

    band: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    utterance_id: Mapped[str] = mapped_column(
        ForeignKey("utterances.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Watermark(Base):
    """How far a regular work of the workbench has come, by its name."""

    __tablename__ = "watermarks"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=now)


class Topic(Base):
    """A cluster of utterances that no intent serves well; may become a new intent."""

    __tablename__ = "topics"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    words: Mapped[list[str]] = mapped_column(default=list)  # that tell it from the others
    size: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(default=now)


class Annotation(Base):
    """What one person says an utterance means. Undone ones stay, for the record."""

    __tablename__ = "annotations"
    __table_args__ = (Index("ix_annotations_utterance", "utterance_id", "undone_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    utterance_id: Mapped[str] = mapped_column(ForeignKey("utterances.id"))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), index=True)
    batch: Mapped[str] = mapped_column(String(32), index=True)  # labels given, and undone, together
    kind: Mapped[str] = mapped_column(String(16))  # intent out_of_scope two_wishes proposed skip
    intent: Mapped[str | None] = mapped_column(String(60))  # or the proposal's name
    wishes: Mapped[list[str]] = mapped_column(default=list)  # intents, of two_wishes
    entities: Mapped[list[Any]] = mapped_column(default=list)  # [{"start", "end", "entity", "value"?}]
    language: Mapped[str | None] = mapped_column(String(8))
    settles: Mapped[bool] = mapped_column(default=False)  # decides between contradicting labels
    at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]


class Proposal(Base):
    """A new intent that somebody thinks is needed: ``open → accepted (it is in the data) | declined``."""

    __tablename__ = "proposals"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)  # as the intent will be called
    definition: Mapped[str] = mapped_column(Text, default="")
    topic_id: Mapped[str | None] = mapped_column(String(32))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    state: Mapped[str] = mapped_column(String(10), default="open")
    at: Mapped[datetime] = mapped_column(default=now)


class Change(Base):
    """Edits of files, reviewed before they are written: ``draft → applied → reverted | withdrawn``.

    ``files``: ``[{"path", "base", "before", "after", "diff"}]``; ``base`` is the hash the file had (null: it
    was not there): a file that has changed since makes the change stale, and it is made anew from its
    ``operations``, or refused.
    """

    __tablename__ = "changes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(String(200))
    operations: Mapped[list[Any]] = mapped_column(default=list)
    files: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(String(10), default="draft", index=True)
    version: Mapped[int] = mapped_column(default=1)
    author_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    reviewer_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    commit: Mapped[str | None] = mapped_column(String(64))  # of git, where it was wished
    created_at: Mapped[datetime] = mapped_column(default=now)
    settled_at: Mapped[datetime | None]  # applied or withdrawn


class Run(Base):
    """One training in the background, claimed by lease, from the checks to the comparison."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    # queued checking training comparing | done invalid failed cancelled
    state: Mapped[str] = mapped_column(String(10), default="queued", index=True)
    step: Mapped[str] = mapped_column(String(40), default="")
    share: Mapped[float] = mapped_column(default=0.0)  # 0..1 of the whole
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    champion: Mapped[str | None] = mapped_column(String(80))
    challenger: Mapped[str | None] = mapped_column(String(80))
    seconds: Mapped[dict[str, Any]] = mapped_column(default=dict)  # by state
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)  # counts of what was learnt from
    problems: Mapped[list[Any]] = mapped_column(default=list)
    failure: Mapped[dict[str, Any] | None]
    report: Mapped[dict[str, Any] | None]
    verdict: Mapped[dict[str, Any] | None]
    cancelled_by: Mapped[str | None] = mapped_column(String(32))
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]


class Model(Base):
    """A trained archive in the models' folder. Only such are ever loaded."""

    __tablename__ = "models"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)  # the file without .tar.gz
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]  # bytes
    recipe: Mapped[str] = mapped_column(String(64), default="")  # fingerprint of code and settings
    run_id: Mapped[str | None] = mapped_column(ForeignKey("runs.id"))
    trained_at: Mapped[datetime] = mapped_column(default=now)


class Promotion(Base):
    """A model became the live one. The newest row says which one is; servers are brought to it."""

    __tablename__ = "promotions"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(10), default="promote")  # promote roll_back first
    model: Mapped[str] = mapped_column(ForeignKey("models.name"))
    before: Mapped[str | None] = mapped_column(String(80))
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    verdict: Mapped[dict[str, Any] | None]
    override: Mapped[str | None] = mapped_column(Text)  # why, although the gate said no
    at: Mapped[datetime] = mapped_column(default=now)


class Shadow(Base):
    """A model that reads what the live one reads, for a day, and answers nobody."""

    __tablename__ = "shadows"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    model: Mapped[str] = mapped_column(ForeignKey("models.name"))
    live: Mapped[str] = mapped_column(String(80))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    since: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)  # counts and latencies so far


class ShadowReading(Base):
    """A message that the two read differently."""

    __tablename__ = "shadow_readings"
    __table_args__ = (UniqueConstraint("shadow_id", "message_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    shadow_id: Mapped[str] = mapped_column(ForeignKey("shadows.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)  # masked
    live: Mapped[dict[str, Any]] = mapped_column(default=dict)  # intent, confidence, doubtful
    shadow: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=now)


class Audit(Base):
    """Who did what in the workbench. Only ever added to."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    agent_id: Mapped[str | None] = mapped_column(String(32), index=True)
    what: Mapped[str] = mapped_column(String(40))  # e.g. labels_given, change_applied, model_promoted
    about: Mapped[str | None] = mapped_column(String(80), index=True)  # id of what it was done to
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
