"""Surveys: their versions, who was asked, the ballot box, what is released from it, and what we did about it.

How hard it was to apply is the survey of the receipt from now on. Of the totals that were kept before nothing is
carried over: they name no answers of their own, and no release has had them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('survey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('touchpoint', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('draft', sa.JSON(), nullable=False),
    sa.Column('draft_number', sa.Integer(), nullable=False),
    sa.Column('version_number', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_survey_closed')),
    sa.CheckConstraint("(state = 'draft') = (version_number = 0)", name=op.f('ck_survey_published_once')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey')),
    sa.UniqueConstraint('public_id', name=op.f('uq_survey_public_id'))
    )
    with op.batch_alter_table('survey') as batch:
        batch.create_index('ix_survey_asked', ['touchpoint'], unique=True, sqlite_where=sa.text("state <> 'closed'"), postgresql_where=sa.text("state <> 'closed'"))

    op.create_table('ballot_lot',
    sa.Column('key', sa.String(length=12), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('version_number', sa.Integer(), nullable=False),
    sa.Column('opening_id', sa.Integer(), nullable=False),
    sa.Column('ballot_count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_ballot_lot_survey_id')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_ballot_lot'))
    )
    with op.batch_alter_table('ballot_lot') as batch:
        batch.create_index('ix_ballot_lot_open', ['survey_id', 'version_number', 'opening_id', 'ballot_count'], unique=False)

    op.create_table('survey_post',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('did', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name=op.f('ck_survey_post_published')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_survey_post_author_id')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_post_survey_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_post')),
    sa.UniqueConstraint('public_id', name=op.f('uq_survey_post_public_id'))
    )
    with op.batch_alter_table('survey_post') as batch:
        batch.create_index(batch.f('ix_survey_post_author_id'), ['author_id'], unique=False)
        batch.create_index(batch.f('ix_survey_post_published_at'), ['published_at'], unique=False)
        batch.create_index(batch.f('ix_survey_post_survey_id'), ['survey_id'], unique=False)

    op.create_table('survey_reach',
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=60), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_reach_survey_id')),
    sa.PrimaryKeyConstraint('survey_id', 'what', name=op.f('pk_survey_reach'))
    )
    op.create_table('survey_tally',
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=120), nullable=False),
    sa.Column('question_id', sa.String(length=24), nullable=False),
    sa.Column('month_on', sa.Date(), nullable=False),
    sa.Column('value', sa.String(length=40), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_tally_survey_id')),
    sa.PrimaryKeyConstraint('survey_id', 'scope', 'question_id', 'month_on', 'value', name=op.f('pk_survey_tally')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('survey_tally') as batch:
        batch.create_index('ix_survey_tally_responses', ['survey_id', 'scope', 'count'], unique=False, sqlite_where=sa.text("question_id = '' AND value = '=responses'"), postgresql_where=sa.text("question_id = '' AND value = '=responses'"))

    op.create_table('survey_version',
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['published_by_id'], ['person.id'], name=op.f('fk_survey_version_published_by_id')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_version_survey_id')),
    sa.PrimaryKeyConstraint('survey_id', 'number', name=op.f('pk_survey_version'))
    )
    with op.batch_alter_table('survey_version') as batch:
        batch.create_index(batch.f('ix_survey_version_published_by_id'), ['published_by_id'], unique=False)

    op.create_table('ballot',
    sa.Column('key', sa.String(length=24), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('version_number', sa.Integer(), nullable=False),
    sa.Column('lot', sa.String(length=12), nullable=False),
    sa.Column('opening_id', sa.Integer(), nullable=True),
    sa.Column('area', sa.String(length=60), nullable=False),
    sa.Column('outcome', sa.String(length=40), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_ballot_opening_id')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_ballot_survey_id')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_ballot')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('ballot') as batch:
        batch.create_index('ix_ballot_survey', ['survey_id'], unique=False)

    op.create_table('survey_comment',
    sa.Column('key', sa.String(length=24), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.String(length=24), nullable=False),
    sa.Column('opening_id', sa.Integer(), nullable=True),
    sa.Column('area', sa.String(length=60), nullable=False),
    sa.Column('outcome', sa.String(length=40), nullable=True),
    sa.Column('week_on', sa.Date(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_survey_comment_opening_id')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_comment_survey_id')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_survey_comment')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('survey_comment') as batch:
        batch.create_index('ix_survey_comment_survey', ['survey_id', 'key'], unique=False)

    op.create_table('survey_part',
    sa.Column('key', sa.String(length=24), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('version_number', sa.Integer(), nullable=False),
    sa.Column('opening_id', sa.Integer(), nullable=True),
    sa.Column('area', sa.String(length=60), nullable=False),
    sa.Column('outcome', sa.String(length=40), nullable=True),
    sa.Column('week_on', sa.Date(), nullable=False),
    sa.Column('response_count', sa.Integer(), nullable=False),
    sa.CheckConstraint('response_count >= 5', name=op.f('ck_survey_part_five_and_more')),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_survey_part_opening_id')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_part_survey_id')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_survey_part')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('survey_part') as batch:
        batch.create_index('ix_survey_part_survey', ['survey_id', 'week_on'], unique=False)

    op.create_table('waiting_comment',
    sa.Column('key', sa.String(length=24), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.String(length=24), nullable=False),
    sa.Column('opening_id', sa.Integer(), nullable=True),
    sa.Column('area', sa.String(length=60), nullable=False),
    sa.Column('outcome', sa.String(length=40), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_waiting_comment_opening_id')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_waiting_comment_survey_id')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_waiting_comment')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('waiting_comment') as batch:
        batch.create_index('ix_waiting_comment_survey', ['survey_id'], unique=False)

    op.create_table('signed_response',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('version_number', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('may_contact', sa.Boolean(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('is_counted', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_signed_response_application_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_signed_response_person_id')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_signed_response_survey_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signed_response')),
    sa.UniqueConstraint('public_id', name=op.f('uq_signed_response_public_id'))
    )
    with op.batch_alter_table('signed_response') as batch:
        batch.create_index(batch.f('ix_signed_response_application_id'), ['application_id'], unique=False)
        batch.create_index(batch.f('ix_signed_response_person_id'), ['person_id'], unique=False)
        batch.create_index(batch.f('ix_signed_response_survey_id'), ['survey_id'], unique=False)

    op.create_table('survey_invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=True),
    sa.Column('cause', sa.String(length=80), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.Column('why_not', sa.String(length=40), nullable=True),
    sa.Column('delivery_id', sa.Integer(), nullable=True),
    sa.Column('reminder_id', sa.Integer(), nullable=True),
    sa.Column('version_number', sa.Integer(), nullable=True),
    sa.Column('is_opened', sa.Boolean(), nullable=False),
    sa.Column('is_answered', sa.Boolean(), nullable=False),
    sa.Column('lot', sa.String(length=12), nullable=True),
    sa.Column('counted_as', sa.String(length=40), nullable=True),
    sa.CheckConstraint('NOT is_answered OR is_opened', name=op.f('ck_survey_invitation_opened_first')),
    sa.CheckConstraint('is_opened = (version_number IS NOT NULL)', name=op.f('ck_survey_invitation_opened_version')),
    sa.CheckConstraint('lot IS NULL OR is_answered', name=op.f('ck_survey_invitation_in_a_lot')),
    sa.CheckConstraint('why_not IS NULL OR (NOT is_opened AND NOT is_answered)', name=op.f('ck_survey_invitation_asked_or_not')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_survey_invitation_application_id')),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_survey_invitation_delivery_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_survey_invitation_person_id')),
    sa.ForeignKeyConstraint(['reminder_id'], ['delivery.id'], name=op.f('fk_survey_invitation_reminder_id')),
    sa.ForeignKeyConstraint(['survey_id', 'version_number'], ['survey_version.survey_id', 'survey_version.number'], name=op.f('fk_survey_invitation_survey_id_version_number')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_invitation_survey_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_invitation')),
    sa.UniqueConstraint('cause', name=op.f('uq_survey_invitation_cause')),
    sa.UniqueConstraint('public_id', name=op.f('uq_survey_invitation_public_id'))
    )
    with op.batch_alter_table('survey_invitation') as batch:
        batch.create_index(batch.f('ix_survey_invitation_application_id'), ['application_id'], unique=False)
        batch.create_index('ix_survey_invitation_asked_on', ['asked_on'], unique=False)
        batch.create_index(batch.f('ix_survey_invitation_delivery_id'), ['delivery_id'], unique=False)
        batch.create_index('ix_survey_invitation_lot', ['lot'], unique=False, sqlite_where=sa.text('lot IS NOT NULL'), postgresql_where=sa.text('lot IS NOT NULL'))
        batch.create_index(batch.f('ix_survey_invitation_person_id'), ['person_id'], unique=False)
        batch.create_index(batch.f('ix_survey_invitation_reminder_id'), ['reminder_id'], unique=False)
        batch.create_index('ix_survey_invitation_uncounted', ['id'], unique=False, sqlite_where=sa.text("counted_as IS NULL OR (counted_as = 'asked' AND is_opened)"), postgresql_where=sa.text("counted_as IS NULL OR (counted_as = 'asked' AND is_opened)"))
        batch.create_index('ix_survey_invitation_survey', ['survey_id', 'why_not', 'is_opened', 'is_answered'], unique=False)

    op.create_table('survey_response',
    sa.Column('key', sa.String(length=24), nullable=False),
    sa.Column('part_key', sa.String(length=24), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['part_key'], ['survey_part.key'], name=op.f('fk_survey_response_part_key')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_survey_response')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('survey_response') as batch:
        batch.create_index('ix_survey_response_part', ['part_key'], unique=False)

    op.create_table('partial_answers',
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('delete_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['invitation_id'], ['survey_invitation.id'], name=op.f('fk_partial_answers_invitation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('invitation_id', name=op.f('pk_partial_answers'))
    )
    with op.batch_alter_table('partial_answers') as batch:
        batch.create_index(batch.f('ix_partial_answers_delete_on'), ['delete_on'], unique=False)

    op.drop_table("apply_ticket")
    op.drop_table("apply_effort")


def downgrade() -> None:
    op.create_table(
        "apply_effort",
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name="fk_apply_effort_opening_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", "week_on", "value", name="pk_apply_effort"),
    )
    op.create_table(
        "apply_ticket",
        sa.Column("ticket_hash", sa.String(length=64), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_hash", name=op.f("pk_apply_ticket")),
    )
    op.create_index(op.f("ix_apply_ticket_delete_on"), "apply_ticket", ["delete_on"])
    op.drop_table("partial_answers")
    op.drop_table("survey_response")
    op.drop_table("survey_invitation")
    op.drop_table("signed_response")
    op.drop_table("waiting_comment")
    op.drop_table("survey_part")
    op.drop_table("survey_comment")
    op.drop_table("ballot")
    op.drop_table("survey_version")
    op.drop_table("survey_tally")
    op.drop_table("survey_reach")
    op.drop_table("survey_post")
    op.drop_table("ballot_lot")
    op.drop_table("survey")
