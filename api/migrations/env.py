"""Alembic's environment: runs on the connection that `api.kit.migrate` opened."""

from alembic import context

from api.migrations.models import OWN_METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=OWN_METADATA)
with context.begin_transaction():
    context.run_migrations()
