"""What became of pictures, for people (one self-contained page) and for programs (one JSON record each)."""
