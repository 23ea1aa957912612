"""What no identity may ever do, whatever its policy says: boundaries, service and resource control policies."""
