"""What nets cost at their real size: seconds and memory, with random weights, on the machine at hand."""
