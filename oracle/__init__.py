"""Risk: features, models, decisions and the quorum that attests them."""
