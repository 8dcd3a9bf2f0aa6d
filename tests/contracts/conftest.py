"""Random tests of the contracts' room: no deadline for a single example, since machines are shared."""

from hypothesis import settings

settings.register_profile("contracts", deadline=None, max_examples=60)
settings.load_profile("contracts")
