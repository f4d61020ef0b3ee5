"""Deliveries know what they are for, when they may go and why they wait"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: Written with their columns: SQLite adds no check to a table that is there.
_CHECKS = {
    "held_reason": ("held", "held_reason IS NULL OR state = 'queued'"),
    "held_until": ("held_until", "(held_reason IS NULL) = (held_until IS NULL)"),
}
#: The name of each partial index, its columns and the column that must be filled.
_INDEXES = (
    ("ix_delivery_held", ["held_until", "id"], "held_reason"),
    ("ix_delivery_stopped", ["id"], "stopped_reason"),
)


def _columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("purpose", sa.String(40)),
        sa.Column("timing", sa.String(40), nullable=False, server_default="at_once"),
        sa.Column("budget", sa.String(40), nullable=False, server_default="none"),
        sa.Column("to_domain", sa.String(254), nullable=False, server_default=""),
        sa.Column("first_tried_at", sa.DateTime(timezone=True)),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("held_reason", sa.String(40)),
        sa.Column("held_until", sa.DateTime(timezone=True)),
        sa.Column("stopped_reason", sa.String(40)),
        sa.Column("failed_reason", sa.String(40)),
        sa.Column("failed_code", sa.Integer(), nullable=False, server_default="0"),
    )


def upgrade() -> None:
    for column in _columns():
        if column.name in _CHECKS:
            name, condition = _CHECKS[column.name]
            kind = column.type.compile(dialect=op.get_bind().dialect)
            op.execute(
                f"ALTER TABLE delivery ADD COLUMN {column.name} {kind} CONSTRAINT ck_delivery_{name} CHECK ({condition})"
            )
        else:
            op.add_column("delivery", column)
    for name, columns, filled in _INDEXES:
        condition = sa.text(f"{filled} IS NOT NULL")
        op.create_index(name, "delivery", columns, sqlite_where=condition, postgresql_where=condition)
    op.create_table(
        "slow_domain",
        sa.Column("domain", sa.String(254), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("troubles", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_slow_domain")),
    )
    _fill()


def _fill() -> None:
    """Say of what is there already where it goes, and of dead letters why they died."""
    after_at = {
        "sqlite": "lower(substr(to_address, instr(to_address, '@') + 1))",
        "postgresql": "lower(split_part(to_address, '@', 2))",
    }[op.get_bind().dialect.name]
    op.execute(f"UPDATE delivery SET to_domain = {after_at} WHERE to_address LIKE '%@%'")
    op.execute("UPDATE delivery SET first_tried_at = created_at WHERE attempts > 0")
    delivery = sa.table(
        "delivery",
        sa.column("id"),
        sa.column("state"),
        sa.column("last_error"),
        sa.column("failed_reason"),
        sa.column("failed_code"),
    )
    dead = sa.select(delivery.c.id, delivery.c.last_error).where(delivery.c.state == "dead")
    for delivery_id, error in op.get_bind().execute(dead).all():
        reason, _space, rest = error.partition(" ")
        code = rest.partition(" ")[0]
        op.execute(
            delivery.update()
            .where(delivery.c.id == delivery_id)
            .values(failed_reason=reason or None, failed_code=int(code) if code.isdecimal() else 0)
        )


def downgrade() -> None:
    # What is held would look as if it were due in a year; the version before looks at it at once.
    op.execute("UPDATE delivery SET next_try_at = created_at WHERE held_reason IS NOT NULL")
    op.drop_table("slow_domain")
    for name, _of, _filled in _INDEXES:
        op.drop_index(name, table_name="delivery")
    for name, _condition in _CHECKS.values():
        if op.get_bind().dialect.name == "postgresql":
            op.drop_constraint(op.f(f"ck_delivery_{name}"), "delivery", type_="check")
    for column in reversed(_columns()):
        op.drop_column("delivery", column.name)
