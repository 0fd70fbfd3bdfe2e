"""What gapgraph costs, measured beside others."""
