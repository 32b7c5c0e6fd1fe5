"""What a document and a notice are: blocks, records, passages, drafts; no reading happens here."""
