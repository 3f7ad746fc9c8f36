"""The database and the files on disk: the only place where SQL is written."""
