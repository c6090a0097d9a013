"""The journal: SQLite, the log and what is derived from it. The only room with SQL."""
