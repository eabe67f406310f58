# Stands in for the project's Dockerfile: the binary that cargo built on this machine.
# hadolint ignore=DL3006
FROM localhost/standin/cc
ARG REVISION=unknown
LABEL org.opencontainers.image.revision="$REVISION"
COPY observer /usr/local/bin/observer
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/observer"]
