"""Second factor, stand-ins and profiles of staff; the audit log is searched along its dates"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff") as batch:
        batch.add_column(sa.Column("say_name", sa.String(length=100), server_default="", nullable=False))
        batch.add_column(sa.Column("school", sa.String(length=200), server_default="", nullable=False))
        batch.add_column(sa.Column("talks", sa.String(length=1000), server_default="", nullable=False))
    op.create_table(
        "staff_picture",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["staff.person_id"], name=op.f("fk_staff_picture_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_staff_picture")),
        sa.UniqueConstraint("public_id", name=op.f("uq_staff_picture_public_id")),
    )
    op.create_table(
        "staff_absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_staff_absence_days_in_order")),
        sa.CheckConstraint("stand_in_id <> person_id", name=op.f("ck_staff_absence_somebody_else")),
        sa.ForeignKeyConstraint(["person_id"], ["staff.person_id"], name=op.f("fk_staff_absence_person_id")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["staff.person_id"], name=op.f("fk_staff_absence_stand_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_absence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_staff_absence_public_id")),
    )
    with op.batch_alter_table("staff_absence") as batch:
        for name in ("person_id", "stand_in_id", "until_on"):
            batch.create_index(op.f(f"ix_staff_absence_{name}"), [name])
    _second_factor()
    _audit_indexes()


def _second_factor() -> None:
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sealed_secret", sa.String(length=200), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("trust_key", sa.String(length=43), nullable=False),
        sa.Column("codes_made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_second_factor_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("recovery_code") as batch:
        batch.create_index(op.f("ix_recovery_code_person_id"), ["person_id"])
    with op.batch_alter_table("device_session") as batch:
        batch.add_column(sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True))


def _audit_indexes() -> None:
    with op.batch_alter_table("audit_record") as batch:
        for name in ("action", "actor_id", "occurred_at", "person_id"):
            batch.drop_index(op.f(f"ix_audit_record_{name}"))
        batch.create_index("ix_audit_record_newest", ["occurred_at", "id"])
        batch.create_index("ix_audit_record_newest_by_action", ["action", "occurred_at", "id"])
        batch.create_index("ix_audit_record_newest_by_actor", ["actor_id", "occurred_at", "id"])
        batch.create_index("ix_audit_record_newest_by_person", ["person_id", "occurred_at", "id"])


def downgrade() -> None:
    with op.batch_alter_table("audit_record") as batch:
        for name in ("newest", "newest_by_action", "newest_by_actor", "newest_by_person"):
            batch.drop_index(f"ix_audit_record_{name}")
        for name in ("action", "actor_id", "occurred_at", "person_id"):
            batch.create_index(op.f(f"ix_audit_record_{name}"), [name])
    with op.batch_alter_table("device_session") as batch:
        batch.drop_column("second_factor_at")
    for name in ("recovery_code", "second_factor", "staff_absence", "staff_picture"):
        op.drop_table(name)
    with op.batch_alter_table("staff") as batch:
        for name in ("talks", "school", "say_name"):
            batch.drop_column(name)
