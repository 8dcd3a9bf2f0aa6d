"""The read model: loans, payments and signers rebuilt from contract events."""
