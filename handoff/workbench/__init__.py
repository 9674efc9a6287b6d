"""The trainer's workbench: from misunderstood messages to a better live model.

``gathering`` masks what customers wrote and orders it by usefulness · ``labels`` what it means, by
people · ``dataset`` the training data as files, changed by reviewed edits · ``articles`` the help ·
``runs`` check, train and compare in the background · ``comparison`` the figures and the gate (pure) ·
``talks`` conversation tests and replays · ``promotion`` which model is live.
"""
