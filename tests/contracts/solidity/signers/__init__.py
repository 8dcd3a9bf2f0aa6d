"""A subject's signers: how they come and go."""
