"""What the tests share: checkers of links, markup and structured data, a server, a browser."""
