"""When a specialist's own calendar is busy: read in a process of its own, which answers with ranges and nothing else.

Nothing here imports Django: the process has no settings, no keys and no database (docs/decisions/0011).
"""
