"""The process: what it does before its first visitor is there, and while it lives."""
