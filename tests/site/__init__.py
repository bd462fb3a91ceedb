"""Sites built whole: what comes out of records, and what a second build makes of a first."""
