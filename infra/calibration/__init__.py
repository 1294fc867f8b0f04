"""Where the confidence comes from: edits with known truth, what they measure, a fit, and a report of how good it is."""
