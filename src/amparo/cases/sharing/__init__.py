"""Who may see what of a case: consents, sharing with another institution, and what was shared with one's own."""
