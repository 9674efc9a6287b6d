"""The workbench: utterances, annotations, changes of files, runs, models, promotions, audit"""

import sqlalchemy as sa
from alembic import op
from actions.db import Json
from actions.db import UtcDateTime
from handoff.workbench.gathering.index import statements

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('agent_id', sa.String(length=32), nullable=True),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('about', sa.String(length=80), nullable=True),
    sa.Column('detail', Json, nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_about'), ['about'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_agent_id'), ['agent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_at'), ['at'], unique=False)

    op.create_table('topics',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('words', Json, nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('made_at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topics'))
    )
    op.create_table('utterances',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('spans', Json, nullable=False),
    sa.Column('language', sa.String(length=8), nullable=True),
    sa.Column('script', sa.String(length=8), nullable=True),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=32), nullable=True),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('reading', Json, nullable=False),
    sa.Column('intent', sa.String(length=60), nullable=True),
    sa.Column('signals', Json, nullable=False),
    sa.Column('reasons', Json, nullable=False),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('group_id', sa.String(length=32), nullable=True),
    sa.Column('group_size', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.Column('topic_id', sa.String(length=32), nullable=True),
    sa.Column('sampled', sa.Boolean(), nullable=False),
    sa.Column('frozen', sa.Boolean(), nullable=False),
    sa.Column('second', sa.Boolean(), nullable=False),
    sa.Column('contradicting', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('assigned_to', sa.String(length=32), nullable=True),
    sa.Column('assigned_until', UtcDateTime(), nullable=True),
    sa.Column('change_id', sa.String(length=32), nullable=True),
    sa.Column('first_at', UtcDateTime(), nullable=False),
    sa.Column('last_at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_utterances')),
    sa.UniqueConstraint('key', name=op.f('uq_utterances_key'))
    )
    with op.batch_alter_table('utterances', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_utterances_assigned_to'), ['assigned_to'], unique=False)
        batch_op.create_index(batch_op.f('ix_utterances_change_id'), ['change_id'], unique=False)
        batch_op.create_index('ix_utterances_contradicting', ['contradicting', 'state', 'score'], unique=False)
        batch_op.create_index('ix_utterances_group', ['group_id'], unique=False)
        batch_op.create_index('ix_utterances_intent', ['intent', 'state', 'hidden', 'score'], unique=False)
        batch_op.create_index('ix_utterances_language', ['language', 'state', 'hidden', 'frozen', 'score'], unique=False)
        batch_op.create_index('ix_utterances_last', ['state', 'last_at'], unique=False)
        batch_op.create_index('ix_utterances_queue', ['state', 'hidden', 'frozen', 'score'], unique=False)
        batch_op.create_index('ix_utterances_random', ['sampled', 'state', 'hidden', 'key'], unique=False)
        batch_op.create_index('ix_utterances_second', ['second', 'state', 'score'], unique=False)
        batch_op.create_index('ix_utterances_talk', ['conversation_id'], unique=False)
        batch_op.create_index('ix_utterances_topic', ['topic_id', 'state'], unique=False)

    op.create_table('utterance_bands',
    sa.Column('band', sa.BigInteger(), nullable=False),
    sa.Column('utterance_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['utterance_id'], ['utterances.id'], name=op.f('fk_utterance_bands_utterance_id_utterances'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('band', 'utterance_id', name=op.f('pk_utterance_bands'))
    )
    with op.batch_alter_table('utterance_bands', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_utterance_bands_utterance_id'), ['utterance_id'], unique=False)

    op.create_table('watermarks',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('value', Json, nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_watermarks'))
    )
    op.create_table('annotations',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('utterance_id', sa.String(length=32), nullable=False),
    sa.Column('agent_id', sa.String(length=32), nullable=False),
    sa.Column('batch', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('intent', sa.String(length=60), nullable=True),
    sa.Column('wishes', Json, nullable=False),
    sa.Column('entities', Json, nullable=False),
    sa.Column('language', sa.String(length=8), nullable=True),
    sa.Column('settles', sa.Boolean(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('undone_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.id'], name=op.f('fk_annotations_agent_id_agents')),
    sa.ForeignKeyConstraint(['utterance_id'], ['utterances.id'], name=op.f('fk_annotations_utterance_id_utterances')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_annotations'))
    )
    with op.batch_alter_table('annotations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_annotations_agent_id'), ['agent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_annotations_batch'), ['batch'], unique=False)
        batch_op.create_index('ix_annotations_utterance', ['utterance_id', 'undone_at'], unique=False)

    op.create_table('changes',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('operations', Json, nullable=False),
    sa.Column('files', Json, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.String(length=32), nullable=False),
    sa.Column('reviewer_id', sa.String(length=32), nullable=True),
    sa.Column('commit', sa.String(length=64), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('settled_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['agents.id'], name=op.f('fk_changes_author_id_agents')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['agents.id'], name=op.f('fk_changes_reviewer_id_agents')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_changes'))
    )
    with op.batch_alter_table('changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_changes_state'), ['state'], unique=False)

    op.create_table('proposals',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('definition', sa.Text(), nullable=False),
    sa.Column('topic_id', sa.String(length=32), nullable=True),
    sa.Column('agent_id', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.id'], name=op.f('fk_proposals_agent_id_agents')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_proposals'))
    )
    op.create_table('runs',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('step', sa.String(length=40), nullable=False),
    sa.Column('share', sa.Double(), nullable=False),
    sa.Column('agent_id', sa.String(length=32), nullable=False),
    sa.Column('champion', sa.String(length=80), nullable=True),
    sa.Column('challenger', sa.String(length=80), nullable=True),
    sa.Column('seconds', Json, nullable=False),
    sa.Column('data', Json, nullable=False),
    sa.Column('problems', Json, nullable=False),
    sa.Column('failure', Json, nullable=True),
    sa.Column('report', Json, nullable=True),
    sa.Column('verdict', Json, nullable=True),
    sa.Column('cancelled_by', sa.String(length=32), nullable=True),
    sa.Column('lease_owner', sa.String(length=64), nullable=True),
    sa.Column('lease_until', UtcDateTime(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('ended_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.id'], name=op.f('fk_runs_agent_id_agents')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_runs')),
    sa.UniqueConstraint('number', name=op.f('uq_runs_number'))
    )
    with op.batch_alter_table('runs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_runs_state'), ['state'], unique=False)

    op.create_table('models',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('recipe', sa.String(length=64), nullable=False),
    sa.Column('run_id', sa.String(length=32), nullable=True),
    sa.Column('trained_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name=op.f('fk_models_run_id_runs')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_models'))
    )
    op.create_table('promotions',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('model', sa.String(length=80), nullable=False),
    sa.Column('before', sa.String(length=80), nullable=True),
    sa.Column('agent_id', sa.String(length=32), nullable=True),
    sa.Column('verdict', Json, nullable=True),
    sa.Column('override', sa.Text(), nullable=True),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.id'], name=op.f('fk_promotions_agent_id_agents')),
    sa.ForeignKeyConstraint(['model'], ['models.name'], name=op.f('fk_promotions_model_models')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promotions'))
    )
    op.create_table('shadows',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('model', sa.String(length=80), nullable=False),
    sa.Column('live', sa.String(length=80), nullable=False),
    sa.Column('agent_id', sa.String(length=32), nullable=False),
    sa.Column('since', UtcDateTime(), nullable=False),
    sa.Column('until', UtcDateTime(), nullable=False),
    sa.Column('ended_at', UtcDateTime(), nullable=True),
    sa.Column('figures', Json, nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.id'], name=op.f('fk_shadows_agent_id_agents')),
    sa.ForeignKeyConstraint(['model'], ['models.name'], name=op.f('fk_shadows_model_models')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shadows'))
    )
    op.create_table('shadow_readings',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('shadow_id', sa.String(length=32), nullable=False),
    sa.Column('message_id', sa.String(length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('live', Json, nullable=False),
    sa.Column('shadow', Json, nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['shadow_id'], ['shadows.id'], name=op.f('fk_shadow_readings_shadow_id_shadows'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shadow_readings')),
    sa.UniqueConstraint('shadow_id', 'message_id', name=op.f('uq_shadow_readings_shadow_id_message_id'))
    )
    for statement in statements(op.get_bind().dialect.name):
        op.execute(statement)
