"""Database engine for development: starts a pip-installed PostgreSQL 18 server on the first connection.

Used when `DATABASE_URL` is not set. Production sets it, and never imports this.
"""
