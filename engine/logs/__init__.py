"""Decision logs that are made as jobs, kept in compressed pieces, and read a page, a filter or a file at a time."""
