"""A checkout in PFOCR's layout, made by hand: forty records with every branch of it, and what comes of them."""
