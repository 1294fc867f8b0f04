"""The words of Cleanplate as pydantic documents, and the pure rules over them. No I/O."""
