# Stands in for vegeta/Dockerfile: bin/ holds vegeta, or trunks, which reads the same targets.
# hadolint ignore=DL3006
FROM localhost/standin/shell
COPY bin/ /usr/local/bin/
RUN mkdir /results && chown 65534:65534 /results
WORKDIR /vegeta
USER 65534:65534
ENTRYPOINT ["sh", "attack.sh"]
