"""The facade: one package per noun, and kit/ for the plumbing they share."""
