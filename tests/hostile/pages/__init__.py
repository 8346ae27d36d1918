"""Responses made to hurt whoever parses them, each a seeded function named by what it does."""
