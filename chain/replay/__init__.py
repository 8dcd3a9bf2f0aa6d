"""Run an export again, in two independent engines, and compare everything it says with what comes out."""
