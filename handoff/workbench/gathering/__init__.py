"""What customers wrote, masked, grouped, and ordered by how much a label would teach."""
