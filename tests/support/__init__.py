"""Throwaway servers for the tests: databases, the three processes, free ports."""
