"""Decisions: pure functions from features, ledger history, request, model and policy to score, limit and reasons."""

from oracle.decision.decide import Decision, LoanRequest, RequestOutsideProduct, UnexplainedFeature, decide

__all__ = ["Decision", "LoanRequest", "RequestOutsideProduct", "UnexplainedFeature", "decide"]
