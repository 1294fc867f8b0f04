"""What a weight file is, judged by its bytes and not by its name: only formats that hold numbers and settings pass."""
