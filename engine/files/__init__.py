"""Files that visitors bring: bytes to a table, its columns to roles, its cells to numbers and times."""
