"""Loans on pages: the list, one loan with its quote, arrears, collections, reports."""
