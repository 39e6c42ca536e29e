# Two images: `platform` (code server, web server, daemon, runs: by command) and `classifier`, the
# HTTP service alone. Both run as 10001 and write to $AMAZING_HOME and /tmp only, so that the root
# filesystem can be read-only. `make image` builds both; docs/how-to/deploy.md runs them.
#
# The digest fixes the base: to renew it, pass another with --build-arg BASE=...
ARG BASE=public.ecr.aws/docker/library/python:3.11-slim@sha256:9c900dea9e8fb7e16277c179b555cc72d29a352dbc33cff48ad5a0412fd5bfc7

FROM ${BASE} AS system
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    HOME=/tmp \
    AMAZING_HOME=/var/lib/amazing
# Which versions Debian has is said by the digest of the base.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 tini \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 amazing \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin amazing \
    && install -d -o 10001 -g 10001 -m 0750 /var/lib/amazing
WORKDIR /opt/amazing

# What is installed changes rarely: these layers know the names of packages and none of our code.
FROM system AS named
COPY pyproject.toml constraints.txt ./
RUN python3 -m venv /opt/venv \
    && mkdir amazing_assets \
    && touch README.md LICENSE \
    && echo '__version__ = "0"' > amazing_assets/__init__.py

FROM named AS platform-packages
ARG EXTRAS=cluster,production,kubernetes,training
# Of PyTorch, the build on PyPI brings gigabytes for graphics cards: name an index that has the one
# for processors, as https://download.pytorch.org/whl/cpu.
ARG TORCH_INDEX=
# hadolint ignore=DL3042
RUN --mount=type=cache,target=/var/cache/pip \
    pip install --cache-dir /var/cache/pip ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} \
        -c constraints.txt setuptools ".[$EXTRAS]" \
    && pip uninstall --yes amazing-assets

FROM named AS classifier-packages
COPY deploy/classifier-without.txt ./
# hadolint ignore=DL3042
RUN --mount=type=cache,target=/var/cache/pip \
    pip install --cache-dir /var/cache/pip -c constraints.txt setuptools . \
    && pip uninstall --yes amazing-assets -r classifier-without.txt

FROM system AS code
COPY pyproject.toml README.md LICENSE dagster.yaml workspace.yaml ./
COPY amazing_assets amazing_assets
COPY deploy/dagster.yaml deploy/workspace.yaml deploy/

FROM system AS platform
ARG VERSION=0.1.0
ARG REVISION=unknown
COPY --from=platform-packages /opt/venv /opt/venv
COPY --from=code /opt/amazing /opt/amazing
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e . \
    && python -m compileall -q amazing_assets
LABEL org.opencontainers.image.title="amazing-assets platform" \
      org.opencontainers.image.description="Code server, web server, daemon and runs of the customer data platform" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
USER 10001:10001
VOLUME ["/var/lib/amazing", "/tmp"]
EXPOSE 3000 4000
# Of the code server; compose, Kubernetes and ECS give the web server and the daemon their own.
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s --retries=3 \
    CMD ["dagster", "api", "grpc-health-check", "-p", "4000"]
ENTRYPOINT ["tini", "--"]
CMD ["dagster", "api", "grpc", "-h", "0.0.0.0", "-p", "4000", "-m", "amazing_assets.definitions", "--location-name", "amazing_assets"]

FROM system AS classifier
ARG VERSION=0.1.0
ARG REVISION=unknown
COPY --from=classifier-packages /opt/venv /opt/venv
COPY --from=code /opt/amazing /opt/amazing
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e . \
    && python -m compileall -q amazing_assets
# Queries of a few customers are over before a second thread has begun.
ENV POLARS_MAX_THREADS=1
LABEL org.opencontainers.image.title="amazing-assets classifier" \
      org.opencontainers.image.description="The HTTP service: any customer classified now" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
USER 10001:10001
VOLUME ["/var/lib/amazing", "/tmp"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["tini", "--"]
CMD ["amazing", "serve", "--host", "0.0.0.0", "--port", "8000"]
