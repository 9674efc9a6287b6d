"""The training data as the files it is: searched, checked, and changed by reviewed edits."""
