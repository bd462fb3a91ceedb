"""From one plan entry and its data to the text of one page: pure, no disk."""
