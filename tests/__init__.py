"""Tests mirror the folders they prove."""
