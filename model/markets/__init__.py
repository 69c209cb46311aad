"""The markets in which firms meet, one file each; a phase of the quarter is a function in one of them."""
