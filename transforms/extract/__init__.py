"""extract: HTML becomes text, a date and what the page says about its own origin."""
