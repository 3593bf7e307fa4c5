"""Files that visitors bring: bytes to text, text to a table, cells to numbers."""
