"""A SageMaker runtime on one machine: synchronous and asynchronous invocations of the real serving program."""
