"""The worker: relay, decisions, offers, originations, read model, arrears; each step durable."""
