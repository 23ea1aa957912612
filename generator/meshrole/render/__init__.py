"""A blueprint to the text of every file. Pure: nothing is read but the package's templates, nothing is written."""
