"""Alembic's environment. `shebao.migrate` hands over the connection, inside its one transaction; there is no alembic.ini."""

from alembic import context

from shebao.migrate import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()
