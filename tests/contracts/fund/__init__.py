"""GuaranteeFund against an independent model."""
