"""How runs reach engines beyond one machine. Nothing in here is imported by the package."""
