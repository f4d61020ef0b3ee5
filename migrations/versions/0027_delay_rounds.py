"""What is done to many need not be in one opening; why days to stay in touch fell away"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _let_opening_be_empty(True)
    with op.batch_alter_table("application_event") as batch:
        batch.add_column(sa.Column("stay_dropped_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("stay_dropped_why", sa.String(length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("application_event") as batch:
        batch.drop_column("stay_dropped_why")
        batch.drop_column("stay_dropped_at")
    op.execute("DELETE FROM change_of_many WHERE opening_id IS NULL")
    _let_opening_be_empty(False)


def _let_opening_be_empty(is_so: bool) -> None:
    # SQLite makes the table anew, and with the old one what hangs on it would go: it is put aside meanwhile.
    is_made_anew = op.get_context().dialect.name == "sqlite"
    if is_made_anew:
        op.execute("CREATE TEMPORARY TABLE kept_item AS SELECT * FROM change_item")
        op.execute("DELETE FROM change_item")
    with op.batch_alter_table("change_of_many") as batch:
        batch.alter_column("opening_id", existing_type=sa.Integer(), nullable=is_so)
    if is_made_anew:
        op.execute("INSERT INTO change_item SELECT * FROM kept_item")
        op.execute("DROP TABLE kept_item")
