"""The whole system on one machine: which processes it has, and how they are kept alive."""
