"""Interviews with their panels, feedback that is owed and written, and calendar entries in mails"""

import sqlalchemy as sa
from alembic import op


revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "impression_ticket",
        sa.Column("ticket_hash", sa.String(length=64), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_hash", name=op.f("pk_impression_ticket")),
    )
    with op.batch_alter_table("impression_ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_impression_ticket_delete_on"), ["delete_on"], unique=False)

    op.create_table(
        "guide_read",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.person_id"], name=op.f("fk_guide_read_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_guide_read")),
    )
    op.create_table(
        "interview_impression",
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("was_on_time", sa.Boolean(), nullable=False),
        sa.Column("had_time_to_ask", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_interview_impression_opening_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "opening_id", "week_on", "was_on_time", "had_time_to_ask", name=op.f("pk_interview_impression")
        ),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("is_alone", sa.Boolean(), nullable=False),
        sa.Column("strong", sa.Text(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("criterion", sa.String(length=500), nullable=False),
        sa.Column("try_this", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("resource_url", sa.String(length=500), nullable=False),
        sa.Column("lint_reason", sa.String(length=500), nullable=False),
        sa.Column("returned_words", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retracted_words", sa.Text(), nullable=False),
        sa.CheckConstraint("state <> 'approved' OR delivery_id IS NOT NULL", name=op.f("ck_feedback_approved_goes")),
        sa.CheckConstraint(
            "approver_id IS NULL OR is_alone OR approver_id <> author_id", name=op.f("ck_feedback_two_people")
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_feedback_application_id")),
        sa.ForeignKeyConstraint(["approver_id"], ["person.id"], name=op.f("fk_feedback_approver_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_feedback_author_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_feedback_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("application_id", name=op.f("uq_feedback_application_id")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_feedback_delivery_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_feedback_public_id")),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_approver_id"), ["approver_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feedback_author_id"), ["author_id"], unique=False)

    op.create_table(
        "interview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("arranged_by_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("prepare", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("contact_phone", sa.String(length=50), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'confirmed' OR starts_at IS NOT NULL", name=op.f("ck_interview_confirmed_has_a_time")
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_interview_takes_time")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_interview_application_id")),
        sa.ForeignKeyConstraint(["arranged_by_id"], ["person.id"], name=op.f("fk_interview_arranged_by_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["person.id"], name=op.f("fk_interview_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("public_id", name=op.f("uq_interview_public_id")),
    )
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interview_arranged_by_id"), ["arranged_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interview_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            "ix_interview_open",
            ["starts_at", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('proposed', 'confirmed', 'moved')"),
            postgresql_where=sa.text("state IN ('proposed', 'confirmed', 'moved')"),
        )
        batch_op.create_index("ix_interview_starts_at", ["starts_at"], unique=False)

    op.create_table(
        "feedback_debt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_reason", sa.String(length=500), nullable=False),
        sa.Column("hold_words", sa.Text(), nullable=False),
        sa.Column("ask_id", sa.Integer(), nullable=True),
        sa.Column("held_by_id", sa.Integer(), nullable=True),
        sa.Column("called_on", sa.Date(), nullable=True),
        sa.Column("called_by_id", sa.Integer(), nullable=True),
        sa.Column("call_words", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name=op.f("ck_feedback_debt_settled")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_feedback_debt_application_id")),
        sa.ForeignKeyConstraint(["ask_id"], ["person.id"], name=op.f("fk_feedback_debt_ask_id")),
        sa.ForeignKeyConstraint(["called_by_id"], ["person.id"], name=op.f("fk_feedback_debt_called_by_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_feedback_debt_delivery_id")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["application_event.id"], name=op.f("fk_feedback_debt_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["held_by_id"], ["person.id"], name=op.f("fk_feedback_debt_held_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_debt")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_feedback_debt_delivery_id")),
        sa.UniqueConstraint("event_id", name=op.f("uq_feedback_debt_event_id")),
    )
    with op.batch_alter_table("feedback_debt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_debt_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feedback_debt_ask_id"), ["ask_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feedback_debt_called_by_id"), ["called_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feedback_debt_held_by_id"), ["held_by_id"], unique=False)
        batch_op.create_index(
            "ix_feedback_debt_open",
            ["due_on", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(
            "ix_feedback_debt_standing",
            ["application_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'held')"),
            postgresql_where=sa.text("state IN ('open', 'held')"),
        )

    op.create_table(
        "feedback_reading",
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("thanked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_helped", sa.Boolean(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=op.f("fk_feedback_reading_feedback_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_feedback_reading")),
    )
    op.create_table(
        "interview_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("starts_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_interview_history_actor_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_interview_history_delivery_id")),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_interview_history_interview_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_history")),
    )
    with op.batch_alter_table("interview_history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_history_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interview_history_delivery_id"), ["delivery_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interview_history_interview_id"), ["interview_id"], unique=False)

    op.create_table(
        "interview_need",
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_interview_need_interview_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_interview_need")),
    )
    op.create_table(
        "interview_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_interview_time_interview_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_time")),
        sa.UniqueConstraint("interview_id", "starts_at", name=op.f("uq_interview_time_interview_id_starts_at")),
        sa.UniqueConstraint("public_id", name=op.f("uq_interview_time_public_id")),
    )
    with op.batch_alter_table("interview_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_time_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "interview_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_interview_wish_interview_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_wish")),
        sa.UniqueConstraint("public_id", name=op.f("uq_interview_wish_public_id")),
    )
    with op.batch_alter_table("interview_wish", schema=None) as batch_op:
        batch_op.create_index(
            "ix_interview_wish_open",
            ["interview_id"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "panel_member",
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("relationship", sa.String(40), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_panel_member_interview_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.person_id"], name=op.f("fk_panel_member_staff_id")),
        sa.PrimaryKeyConstraint("interview_id", "staff_id", name=op.f("pk_panel_member")),
    )
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_member_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "panel_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=500), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_panel_note_author_id")),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_panel_note_interview_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_note")),
        sa.UniqueConstraint(
            "interview_id", "author_id", "criterion", name=op.f("uq_panel_note_interview_id_author_id_criterion")
        ),
    )
    with op.batch_alter_table("panel_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_note_author_id"), ["author_id"], unique=False)

    op.create_table(
        "question_ahead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_question_ahead_interview_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_ahead")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_ahead_public_id")),
    )
    with op.batch_alter_table("question_ahead", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_ahead_interview_id"), ["interview_id"], unique=False)

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_column("calendar")

    with op.batch_alter_table("question_ahead", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_ahead_interview_id"))

    op.drop_table("question_ahead")
    with op.batch_alter_table("panel_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_panel_note_author_id"))

    op.drop_table("panel_note")
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_panel_member_staff_id"))

    op.drop_table("panel_member")
    with op.batch_alter_table("interview_wish", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_interview_wish_open",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.drop_table("interview_wish")
    with op.batch_alter_table("interview_time", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interview_time_starts_at"))

    op.drop_table("interview_time")
    op.drop_table("interview_need")
    with op.batch_alter_table("interview_history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interview_history_interview_id"))
        batch_op.drop_index(batch_op.f("ix_interview_history_delivery_id"))
        batch_op.drop_index(batch_op.f("ix_interview_history_actor_id"))

    op.drop_table("interview_history")
    op.drop_table("feedback_reading")
    with op.batch_alter_table("feedback_debt", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_feedback_debt_standing",
            sqlite_where=sa.text("state IN ('open', 'held')"),
            postgresql_where=sa.text("state IN ('open', 'held')"),
        )
        batch_op.drop_index(
            "ix_feedback_debt_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index(batch_op.f("ix_feedback_debt_held_by_id"))
        batch_op.drop_index(batch_op.f("ix_feedback_debt_called_by_id"))
        batch_op.drop_index(batch_op.f("ix_feedback_debt_ask_id"))
        batch_op.drop_index(batch_op.f("ix_feedback_debt_application_id"))

    op.drop_table("feedback_debt")
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.drop_index("ix_interview_starts_at")
        batch_op.drop_index(
            "ix_interview_open",
            sqlite_where=sa.text("state IN ('proposed', 'confirmed', 'moved')"),
            postgresql_where=sa.text("state IN ('proposed', 'confirmed', 'moved')"),
        )
        batch_op.drop_index(batch_op.f("ix_interview_contact_id"))
        batch_op.drop_index(batch_op.f("ix_interview_arranged_by_id"))
        batch_op.drop_index(batch_op.f("ix_interview_application_id"))

    op.drop_table("interview")
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_author_id"))
        batch_op.drop_index(batch_op.f("ix_feedback_approver_id"))

    op.drop_table("feedback")
    op.drop_table("interview_impression")
    op.drop_table("guide_read")
    with op.batch_alter_table("impression_ticket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_impression_ticket_delete_on"))

    op.drop_table("impression_ticket")
