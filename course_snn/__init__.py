"""A hands-on, bilingual course on spiking neural networks: the library behind the notebooks."""


def __getattr__(name: str) -> str:
    # The version stands in pyproject.toml alone; whoever imports the course for something else need not look it up.
    if name == "__version__":
        from importlib import metadata

        return metadata.version("course-snn")
    raise AttributeError(
        f"course_snn has no {name!r}; its parts are modules: import course_snn.{name} if there is one."
    )
