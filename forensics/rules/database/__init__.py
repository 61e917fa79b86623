"""Rules about the databases that log and snapshot lead to (docs/reference/commands.md#rebuilding-a-database)."""
