"""The newcomer's PostgreSQL 18: a Django database engine that starts the pip-installed server when it first connects.

Used when `DATABASE_URL` is not set. Production sets it and never imports this.
"""
