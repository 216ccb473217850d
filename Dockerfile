# The course in a container: JupyterLab on port 8888 as a user who is not root, torch without CUDA, Chinese fonts.
#
#   docker build -t course-snn .
#   docker run --rm --init -p 127.0.0.1:8888:8888 -v course-snn:/learner course-snn
#
# It prints the address to open, with its token. Notebooks and progress are kept in the volume `course-snn`. Real data
# sets, read-only: -v FOLDER:/data:ro -e COURSE_SNN_DATA=/data.
# tests/test_container.py checks what can be checked without Docker.

# The Python that the tests run in.
FROM python:3.11-slim-bookworm AS base
ENV LANG=C.UTF-8 \
    PATH=/opt/course-snn/bin:$PATH
# bubblewrap is for grading, which Docker's own walls forbid unless they are taken down: see "Grading" in the site's
# page on deployment. The font draws what the course's own lacks: rare characters in names.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bubblewrap fonts-wqy-microhei \
    && rm -rf /var/lib/apt/lists/*

FROM base AS build
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /src
# Libraries first, in the versions of uv.lock: they stay as they are when only the course changes.
COPY pyproject.toml uv.lock ./
RUN uv export --frozen --no-dev --no-emit-project --no-hashes --output-file constraints.txt \
    && uv venv --no-python-downloads /opt/course-snn \
    && uv pip install --python /opt/course-snn --no-cache --torch-backend cpu --compile-bytecode \
        --constraints constraints.txt --requirements pyproject.toml
COPY README.md LICENSE jupyter_server_config.json overrides.json ./
COPY labextension labextension
COPY notebooks notebooks
COPY assets/results assets/results
COPY course_snn course_snn
RUN uv build --wheel --no-cache --out-dir dist \
    && uv pip install --python /opt/course-snn --no-cache --no-deps --compile-bytecode dist/*.whl

FROM base AS course
COPY --from=build /opt/course-snn /opt/course-snn
RUN useradd --create-home --home-dir /learner --uid 1000 learner
USER 1000
WORKDIR /learner
EXPOSE 8888
HEALTHCHECK --interval=30s --timeout=10s --start-period=2m \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8888/api', timeout=5)"]
# All addresses of the container, whose port only `docker run -p` opens: there, name 127.0.0.1.
CMD ["course-snn", "lab", "--no-browser", "--ServerApp.ip=0.0.0.0", "--ServerApp.port_retries=0"]
