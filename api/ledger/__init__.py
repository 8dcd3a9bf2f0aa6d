"""What the facade tells about the ledger and about itself."""
