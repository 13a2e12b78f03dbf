"""What alembic runs: migrations on the connection that boocontrol.store.migrate hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from boocontrol.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
