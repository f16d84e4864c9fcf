"""Losses, optimizers, schedules and regularizers: each a registry of documented entries."""
