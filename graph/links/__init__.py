"""Things of ours and an endpoint elsewhere, turned into proposals with their evidence; a ledger of decisions, turned into links."""
