# The service in one image: no network needed at run time, no root, read-only file system.
FROM debian:bookworm-slim AS build
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-venv ca-certificates
WORKDIR /srv/redactor
COPY requirements.lock package.json package-lock.json run ./
COPY redactor redactor
COPY templates templates
COPY models/en_safeguarding models/en_safeguarding
COPY samples samples
RUN RUN_PARTS=python,front-end ./run prepare

FROM debian:bookworm-slim
ENV DEBIAN_FRONTEND=noninteractive PYTHONDONTWRITEBYTECODE=1 REDACTOR_DATA=/var/lib/redactor
COPY --from=build /srv/redactor /srv/redactor
WORKDIR /srv/redactor
RUN RUN_PARTS=system ./run prepare && rm -rf /var/lib/apt/lists/* \
 && useradd --system --home-dir /var/lib/redactor --create-home redactor
USER redactor
VOLUME /var/lib/redactor
EXPOSE 8000
HEALTHCHECK CMD ["/srv/redactor/.venv/bin/python", "-m", "redactor", "doctor"]
ENTRYPOINT ["/srv/redactor/.venv/bin/python", "-m", "redactor"]
CMD ["serve", "--host", "0.0.0.0"]
