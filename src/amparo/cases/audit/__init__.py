"""The history of a case: everything that the log says of it."""
