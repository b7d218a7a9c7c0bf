"""Database engine for development: starts a pip-installed PostgreSQL 18 server on the first connection.

Used in the demo when `DEMO_DATABASE_URL` is not set. Production never imports this.
"""
