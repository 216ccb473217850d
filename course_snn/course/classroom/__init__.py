"""A class: hand notebooks out, collect them, grade them, report."""
