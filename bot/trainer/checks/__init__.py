"""What must hold before training: each mistake at the line that it is in, in words for who knows the shop."""
