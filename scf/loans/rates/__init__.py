"""Rates of money over time: internal rates, time-value formulas, the annual rates of the laws."""
