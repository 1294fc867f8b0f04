"""How good the pictures are: each step measured on photographs with known truth, beside what people use today."""
