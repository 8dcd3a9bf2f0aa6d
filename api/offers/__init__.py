"""Offers: an agreement with its whole schedule and cost, open until it expires, accepted by signature."""
