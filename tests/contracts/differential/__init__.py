"""Random agreements through all three schedules: the contract on a fast EVM, Python, the phone's TypeScript."""
