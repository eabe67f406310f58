# The binaries `observer`, for migrate, app, beta, pager and discover, and `observer-console`.

# Another registry's copies: --build-arg BUILD_IMAGE=mirror.example/rust:1.95-slim-trixie
ARG BUILD_IMAGE=rust:1.95-slim-trixie
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian13:nonroot

# The manifests, with an empty source file for each crate: what the layer of the dependencies depends on. This needs
# nothing but cargo, and any builder and any cache of layers can keep it. A BuildKit cache mount would be shorter, but the
# classic builder has none; cargo-chef would do the same, but compiling it takes longer than a cold start may.
# hadolint ignore=DL3006
FROM ${BUILD_IMAGE} AS manifests
WORKDIR /build
COPY . .
RUN find . -type f ! -name Cargo.toml ! -name Cargo.lock ! -name main.rs ! -name lib.rs ! -name build.rs -delete \
    && find . -type d -empty -delete \
    && find . -name '*.rs' -exec sh -c 'for file; do echo "pub fn main() { }" >"$file"; done' sh {} +

# hadolint ignore=DL3006
FROM ${BUILD_IMAGE} AS dependencies
WORKDIR /build
COPY --from=manifests /build .
RUN cargo build --release --locked --package observer --package console --bins

FROM dependencies AS build
COPY . .
# Cargo goes by the time of change: without the touch, a file older than its empty stand-in would not be compiled. What
# the dependencies have generated, in target, stays as it is.
ARG REVISION=unknown
RUN find build.rs crates src -name '*.rs' -exec touch {} + \
    && OBSERVER_REVISION="$REVISION" cargo build --release --locked --package observer --package console --bins \
    && mkdir /data

# hadolint ignore=DL3006
FROM ${RUNTIME_IMAGE}
ARG REVISION=unknown
LABEL org.opencontainers.image.title="observer" \
      org.opencontainers.image.description="A pair of instrumented HTTP microservices" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /build/target/release/observer /build/target/release/observer-console /usr/local/bin/
# The one folder that may be written to, where a volume is mounted: the pager's.
COPY --from=build --chown=65532:65532 /data /var/lib/observer
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/observer"]
CMD ["serve"]
