"""What people say about themselves, and when they said it"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_CHECKS = {
    "day_belongs": "when_free = 'from_a_day' OR free_from IS NULL",
    "notice_belongs": "when_free = 'after_notice' OR notice IS NULL",
    "pay_is_whole": "(pay_amount IS NULL) = (pay_currency = '') AND (pay_amount IS NULL) = (pay_period IS NULL)",
    "birthday_is_whole": "(birth_day IS NULL) = (birth_month IS NULL)",
}


def _columns() -> list[sa.Column]:
    return [
        sa.Column("seniority", sa.String(length=40), nullable=True),
        sa.Column("industries", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("when_free", sa.String(length=40), nullable=True),
        sa.Column("free_from", sa.Date(), nullable=True),
        sa.Column("notice", sa.String(length=40), nullable=True),
        sa.Column("pay_amount", sa.Integer(), nullable=True),
        sa.Column("pay_currency", sa.String(length=3), server_default="", nullable=False),
        sa.Column("pay_period", sa.String(length=40), nullable=True),
        sa.Column("three_years", sa.Text(), server_default="", nullable=False),
        sa.Column("proud_of", sa.Text(), server_default="", nullable=False),
        sa.Column("links", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("education", sa.Text(), server_default="", nullable=False),
        sa.Column("motivates", sa.Text(), server_default="", nullable=False),
        sa.Column("worries", sa.Text(), server_default="", nullable=False),
        sa.Column("birth_day", sa.Integer(), nullable=True),
        sa.Column("birth_month", sa.Integer(), nullable=True),
        sa.Column("said_on", sa.JSON(), server_default="{}", nullable=False),
    ]


def upgrade() -> None:
    with op.batch_alter_table("preferences") as table:
        for column in _columns():
            table.add_column(column)
        for name, condition in _CHECKS.items():
            table.create_check_constraint(op.f(f"ck_preferences_{name}"), condition)
    op.create_table(
        "other_offers",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_other_offers_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_other_offers")),
    )


def downgrade() -> None:
    op.drop_table("other_offers")
    with op.batch_alter_table("preferences") as table:
        for name in _CHECKS:
            table.drop_constraint(op.f(f"ck_preferences_{name}"), type_="check")
        for column in reversed(_columns()):
            table.drop_column(column.name)
