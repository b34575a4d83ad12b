"""The desk of who answers reports: the inbox, a report, and what can be done with it."""
