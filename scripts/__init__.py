"""One file per command; `tally <command>` only dispatches to them."""
