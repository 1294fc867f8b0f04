"""Lambda functions: parse the event, call one function, map the answer."""
