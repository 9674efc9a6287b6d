"""Channels: what arrives, attachments, parts of deliveries, contacts that share a thread"""

import sqlalchemy as sa
from alembic import op
from actions.db import Json
from actions.db import UtcDateTime

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('arrivals',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('inbox_id', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('contact', sa.String(length=255), nullable=False),
    sa.Column('data', Json, nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=False),
    sa.Column('received_at', UtcDateTime(), nullable=False),
    sa.Column('due_at', UtcDateTime(), nullable=False),
    sa.Column('lease_owner', sa.String(length=32), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('handled_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['inbox_id'], ['inboxes.id'], name=op.f('fk_arrivals_inbox_id_inboxes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_arrivals')),
    sa.UniqueConstraint('inbox_id', 'key', name=op.f('uq_arrivals_inbox_id_key'))
    )
    with op.batch_alter_table('arrivals', schema=None) as batch_op:
        batch_op.create_index('ix_arrivals_contact', ['inbox_id', 'contact', 'handled_at'], unique=False)
        batch_op.create_index('ix_arrivals_open', ['handled_at', 'due_at'], unique=False)

    op.create_table('link_codes',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('shown_to', sa.String(length=32), nullable=False),
    sa.Column('expected_of', sa.String(length=32), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('expires_at', UtcDateTime(), nullable=False),
    sa.Column('used_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['shown_to'], ['contacts.id'], name=op.f('fk_link_codes_shown_to_contacts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link_codes'))
    )
    with op.batch_alter_table('link_codes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_link_codes_code_hash'), ['code_hash'], unique=False)
        batch_op.create_index(batch_op.f('ix_link_codes_expected_of'), ['expected_of'], unique=False)
        batch_op.create_index(batch_op.f('ix_link_codes_expires_at'), ['expires_at'], unique=False)

    op.create_table('links',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('contact_id', sa.String(length=32), nullable=False),
    sa.Column('from_id', sa.String(length=32), nullable=False),
    sa.Column('into_id', sa.String(length=32), nullable=False),
    sa.Column('proof', sa.String(length=12), nullable=False),
    sa.Column('agent_id', sa.String(length=32), nullable=True),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('undone_at', UtcDateTime(), nullable=True),
    sa.Column('undone_by', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_links_contact_id_contacts')),
    sa.ForeignKeyConstraint(['from_id'], ['conversations.id'], name=op.f('fk_links_from_id_conversations')),
    sa.ForeignKeyConstraint(['into_id'], ['conversations.id'], name=op.f('fk_links_into_id_conversations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_links'))
    )
    with op.batch_alter_table('links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_links_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_links_into_id'), ['into_id'], unique=False)

    op.create_table('attachments',
    sa.Column('id', sa.String(length=43), nullable=False),
    sa.Column('conversation_id', sa.String(length=32), nullable=True),
    sa.Column('message_id', sa.String(length=32), nullable=True),
    sa.Column('inbox_id', sa.String(length=32), nullable=True),
    sa.Column('uploaded_by', sa.String(length=32), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_at', UtcDateTime(), nullable=True),
    sa.Column('lease_owner', sa.String(length=32), nullable=True),
    sa.Column('error', sa.String(length=200), nullable=True),
    sa.Column('expires_at', UtcDateTime(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], name=op.f('fk_attachments_conversation_id_conversations')),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_attachments_message_id_messages')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachments'))
    )
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachments_conversation_id'), ['conversation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachments_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachments_message_id'), ['message_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachments_next_at'), ['next_at'], unique=False)

    op.create_table('delivery_parts',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('delivery_id', sa.String(length=32), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('inbox_id', sa.String(length=32), nullable=False),
    sa.Column('external_id', sa.String(length=255), nullable=True),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['delivery_id'], ['deliveries.id'], name=op.f('fk_delivery_parts_delivery_id_deliveries'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_parts')),
    sa.UniqueConstraint('delivery_id', 'place', name=op.f('uq_delivery_parts_delivery_id_place')),
    sa.UniqueConstraint('inbox_id', 'external_id', name=op.f('uq_delivery_parts_inbox_id_external_id'))
    )
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('conversation_id', sa.String(length=32), nullable=False, server_default=''))
        batch_op.create_index(batch_op.f('ix_contacts_conversation_id'), ['conversation_id'], unique=False)

    with op.batch_alter_table('conversations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('also', Json, nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('merged_into', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('last_customer_at', UtcDateTime(), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_conversations_contact_id'), type_='unique')
        batch_op.create_index(batch_op.f('ix_conversations_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversations_merged_into'), ['merged_into'], unique=False)

    # Until now every contact had one thread, and every thread one contact.
    op.execute("UPDATE contacts SET conversation_id = coalesce("
               "(SELECT c.id FROM conversations c WHERE c.contact_id = contacts.id), id)")
    op.execute("UPDATE conversations SET last_customer_at = (SELECT max(m.created_at) FROM messages m "
               "WHERE m.conversation_id = conversations.id AND m.sender = 'customer')")

    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.add_column(sa.Column('contact_id', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('parts', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('mark', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('code', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('sent_at', UtcDateTime(), nullable=True))
        batch_op.drop_column('external_id')
    op.execute("UPDATE deliveries SET contact_id = "
               "(SELECT c.contact_id FROM conversations c WHERE c.id = deliveries.conversation_id)")
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.alter_column('contact_id', existing_type=sa.String(length=32), nullable=False)
        batch_op.create_index(batch_op.f('ix_deliveries_contact_id'), ['contact_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_deliveries_contact_id_contacts'), 'contacts', ['contact_id'], ['id'])

    with op.batch_alter_table('inboxes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('credentials', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('disabled', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('last_webhook_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('refused', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('last_refused_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('checked_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('problem', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('token_expires_at', UtcDateTime(), nullable=True))

    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('contact_id', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('sent_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('edited_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('deleted_at', UtcDateTime(), nullable=True))
