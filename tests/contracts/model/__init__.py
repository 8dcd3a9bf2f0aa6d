"""A stateful check: random actors drive the contracts and an independent model, and after each step both agree."""
