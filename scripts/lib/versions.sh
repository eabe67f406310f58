# shellcheck shell=bash
# shellcheck disable=SC2034 # whoever sources this reads them
# The versions of all that is pulled or fetched. Files that cannot read this one repeat them: compose.yml, the Dockerfiles,
# the Swarm's stack and the Kubernetes manifests. tests/scripts/versions_test.sh compares them with these.

# The stack's images.
PROMETHEUS_IMAGE=prom/prometheus:v3.13.5
ALERTMANAGER_IMAGE=prom/alertmanager:v0.35.0
POSTGRES_IMAGE=postgres:18-alpine
GRAFANA_IMAGE=grafana/grafana:13.1.3

# What the project's own images are made from. vegeta's published images are of an old version.
RUST_IMAGE=rust:1.95-slim-trixie
DISTROLESS_IMAGE=gcr.io/distroless/cc-debian13:nonroot
GO_IMAGE=golang:1.25-alpine3.22
ALPINE_IMAGE=alpine:3.22
VEGETA_MODULE=github.com/tsenart/vegeta/v12@v12.13.0

# The oldest Kubernetes that has all that the manifests use: the sleep before a pod stops.
KUBERNETES_OLDEST=1.30

# Programs of the local runtime.
SUPERVISOR_VERSION=4.3.0
TRUNKS_VERSION=0.2.0
