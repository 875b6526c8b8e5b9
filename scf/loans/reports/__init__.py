"""The book of a bank at the end of a month: a line a loan, sums by product, tier and bucket."""
