"""The facade: one package per noun (endpoints -> service -> repository), `kit/` for plumbing."""
