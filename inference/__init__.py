"""Image in, image out: models, compositing, assessment and the SageMaker serving contract."""
