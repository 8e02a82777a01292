# The service in one image: models, fonts and front end inside, no network at run time, nobody's root, read-only.
FROM debian:bookworm-slim AS build
ENV DEBIAN_FRONTEND=noninteractive RUN_LOCK=requirements-run.lock
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-venv npm ca-certificates
WORKDIR /srv/redactor
COPY requirements.lock requirements-run.lock package.json package-lock.json run ./
COPY redactor redactor
COPY templates templates
COPY models/en_safeguarding models/en_safeguarding
COPY samples samples
RUN RUN_PARTS=python,front-end ./run prepare && rm -rf node_modules .venv/bin/uv .venv/uv.lock

FROM debian:bookworm-slim
ENV DEBIAN_FRONTEND=noninteractive PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    REDACTOR_DATA=/var/lib/redactor PATH=/srv/redactor/.venv/bin:$PATH
WORKDIR /srv/redactor
COPY run ./
RUN RUN_PARTS=system ./run prepare && rm -rf /var/lib/apt/lists/* /var/cache/apt \
 && useradd --system --uid 10001 --home-dir /var/lib/redactor --create-home redactor \
 && chmod 0700 /var/lib/redactor
COPY --from=build /srv/redactor /srv/redactor
USER 10001
VOLUME /var/lib/redactor
EXPOSE 8000
STOPSIGNAL SIGTERM
# ready: records, storage and scanner answer; doctor's questions are for people and take longer
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["python3", "-c", \
  "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/ready', timeout=9)"]
ENTRYPOINT ["redactor"]
CMD ["serve", "--host", "0.0.0.0"]
