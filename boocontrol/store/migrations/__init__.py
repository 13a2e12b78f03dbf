"""Alembic's scripts: env.py and one file per revision. Run by boocontrol.store.migrate, never by hand."""
