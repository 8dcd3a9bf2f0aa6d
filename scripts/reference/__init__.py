"""`python -m scripts.reference`: write docs/reference/contracts.md and its picture again; `--check` says if stale."""
