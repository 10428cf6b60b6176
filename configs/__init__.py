"""Scenarios as Hydra config groups: one folder per choice, read as package data."""
