"""The database of administrative punishments: files on their way in, search, screening."""
