"""What stands in, in the worker of a page, for modules that are not there; `verdicts` puts each in its place."""
