# Stands in for vegeta/Dockerfile: trunks, which reads the same targets.
# hadolint ignore=DL3006
FROM localhost/standin/shell
COPY trunks /usr/local/bin/trunks
RUN mkdir /results && chown 65534:65534 /results
WORKDIR /vegeta
USER 65534:65534
ENTRYPOINT ["sh", "attack.sh"]
