"""Applications: a draft to sign, a submission, a decision with reasons."""
