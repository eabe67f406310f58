# The binary `observer`, for every part that is the project's own: migrate, app, beta, pager.

FROM rust:1.95-slim-trixie AS build
WORKDIR /build

# The dependencies, in a layer that is rebuilt only when the two manifests change. They are compiled for an
# empty crate, rather than in a BuildKit cache mount, so that any builder and any cache of layers can keep them.
# Tests are not part of the image: their tables would demand their files.
COPY Cargo.toml Cargo.lock ./
RUN sed -i '/^\[\[test\]\]/,/^$/d' Cargo.toml \
    && mkdir src \
    && echo 'fn main() {}' > src/main.rs \
    && cp src/main.rs build.rs \
    && touch src/lib.rs \
    && cargo build --release --locked

COPY build.rs ./
COPY migrations migrations
COPY src src
# Cargo goes by the time of change: without the touch, files older than the empty crate would not be compiled.
ARG REVISION=unknown
RUN touch build.rs src/main.rs src/lib.rs \
    && OBSERVER_REVISION="$REVISION" cargo build --release --locked \
    && mkdir /data

FROM gcr.io/distroless/cc-debian13:nonroot
ARG REVISION=unknown
LABEL org.opencontainers.image.title="observer" \
      org.opencontainers.image.description="A pair of instrumented HTTP microservices" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /build/target/release/observer /usr/local/bin/observer
# The one folder that may be written to, where a volume is mounted: the pager's.
COPY --from=build --chown=65532:65532 /data /var/lib/observer
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/observer"]
CMD ["serve"]
