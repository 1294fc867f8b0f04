"""One function a stage: inputs from the store, an adapter's work, outputs to the store, and the answer."""
