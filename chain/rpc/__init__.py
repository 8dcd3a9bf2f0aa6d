"""JSON-RPC over HTTP as ordinary Ethereum tools expect it; where they differ it behaves as geth does."""
