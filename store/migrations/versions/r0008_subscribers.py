"""One subscription per mailbox, versions of its preferences, consent, suppressed mailboxes, askings."""

import secrets

import sqlalchemy as sa
from alembic import op

from store.mailboxes import mailbox_of
from store.migrations.rebuilding import widen

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    subscriptions()
    widen("delivery", [(sa.Column("message_sha256", sa.String(64), nullable=True), "NULL")])
    preferences()
    consents()
    suppressions()
    for table in ("consent_wording", "consent"):
        refuse_rewriting(table)


def subscriptions() -> None:
    """Give subscriptions their mailbox and how they were asked for; the newest of a mailbox stands."""
    op.drop_index("uq_subscription_wish_sha256", "subscription")
    widen(
        "subscription",
        [
            (sa.Column("mailbox", sa.String(), nullable=False), "lower(address)"),
            (words("form", "web", "staff", "import"), "'web'"),
            (sa.Column("asked_wording", sa.String(64), nullable=True), "NULL"),
            (sa.Column("member", sa.Integer(), nullable=True), "NULL"),
            (sa.Column("origin", sa.Text(), nullable=True), "NULL"),
            (moment("suspended_at", nullable=True), "NULL"),
            (words("suspended_for", "reader", "staff", "bounces", nullable=True), "NULL"),
        ],
    )
    connection = op.get_bind()
    newest: dict[str, int] = {}
    rows = connection.execute(
        sa.text("SELECT id, address, state, requested_at FROM subscription ORDER BY id")
    )
    for row in rows.all():
        mailbox = mailbox_of(row.address)
        fold = sa.text("UPDATE subscription SET mailbox = :mailbox WHERE id = :id")
        connection.execute(fold, {"mailbox": mailbox, "id": row.id})
        if row.state in {"active", "suspended"}:
            end = sa.text("UPDATE subscription SET state = 'ended', ended_at = requested_at WHERE id = :id")
            if mailbox in newest:
                connection.execute(end, {"id": newest[mailbox]})
            newest[mailbox] = row.id
    op.create_index(op.f("ix_subscription_mailbox"), "subscription", ["mailbox"])
    standing = "state IN ('active', 'suspended')"
    index_where("uq_subscription_standing_mailbox", "subscription", ["mailbox"], standing)
    index_where("uq_subscription_pending_wish", "subscription", ["wish_sha256"], "state = 'pending'")


def preferences() -> None:
    """Create preference, with a first version for each subscription."""
    op.create_table(
        "preference",
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        moment("at"),
        sa.Column("member", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(8), nullable=False),
        words("frequency", "at_once", "daily", "weekly", "monthly"),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_preference_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", "version", name=op.f("pk_preference")),
    )
    op.execute(
        "INSERT INTO preference (subscription_id, version, at, language, frequency, filters) "
        "SELECT id, 1, requested_at, language, frequency, filters FROM subscription"
    )


def consents() -> None:
    """Create consent_wording and consent."""
    op.create_table(
        "consent_wording",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_consent_wording")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        moment("at"),
        words("event", "given", "withdrawn"),
        sa.Column("subject", sa.String(), nullable=False),
        words("form", "web", "staff", "import"),
        moment("requested_at"),
        sa.Column("language", sa.String(8), nullable=False),
        words("frequency", "at_once", "daily", "weekly", "monthly"),
        sa.Column("asked_wording", sa.String(64), nullable=True),
        sa.Column("wording", sa.String(64), nullable=True),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("member", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_wording"], ["consent_wording.sha256"], name=op.f("fk_consent_asked_wording")
        ),
        sa.ForeignKeyConstraint(["wording"], ["consent_wording.sha256"], name=op.f("fk_consent_wording")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_subject"), "consent", ["subject"])


def suppressions() -> None:
    """Create suppression, the installation's secret, and asking."""
    op.create_table(
        "suppression",
        sa.Column("mailbox", sa.String(64), nullable=False),
        words("reason", "erased", "left", "complaint", "bounced"),
        moment("at"),
        sa.PrimaryKeyConstraint("mailbox", name=op.f("pk_suppression")),
    )
    secret = op.create_table(
        "suppression_secret",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_suppression_secret_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression_secret")),
    )
    op.bulk_insert(secret, [{"id": 1, "secret": secrets.token_bytes(32)}])
    op.create_table(
        "asking",
        sa.Column("id", sa.Integer(), nullable=False),
        moment("at"),
        sa.Column("mailbox", sa.String(64), nullable=False),
        sa.Column("origin", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asking")),
    )
    op.create_index(op.f("ix_asking_at"), "asking", ["at"])


def moment(name: str, nullable: bool = False) -> sa.Column[object]:
    """Return a column of aware UTC instants."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def words(name: str, *known: str, nullable: bool = False) -> sa.Column[object]:
    """Return a column of text that holds one of the known words."""
    kind = sa.Enum(*known, name=name, native_enum=False, create_constraint=True, length=20)
    return sa.Column(name, kind, nullable=nullable)


def index_where(name: str, table: str, columns: list[str], condition: str) -> None:
    """Create a unique index of the rows that meet the condition."""
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def refuse_rewriting(table: str) -> None:
    """Let the database itself refuse to change or delete rows, as step 0001 does for its history."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'history is append-only: {table}'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )
