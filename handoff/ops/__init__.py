"""What ``./setu`` does: environments, processes, tests. Standard library only, Python 3.8 or newer,
because it runs before anything is installed."""
