"""Several nodes of one database: who belongs together, where logs differ, what is committed, who is a member."""
