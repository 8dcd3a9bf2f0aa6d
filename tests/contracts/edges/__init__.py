"""Where lists, counters and fields of the contracts end, by real acts on the fast EVM: some ends take hundreds."""
