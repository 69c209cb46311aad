# The pages of aimarket, and all of its commands, for an ordinary user; docs/serving.md says how to run it.
FROM python:3.12-slim AS build
WORKDIR /source
COPY . .
RUN python -m venv /opt/aimarket && \
    /opt/aimarket/bin/pip install --no-cache-dir --constraint constraints.txt '.[page]'

FROM python:3.12-slim
COPY --from=build /opt/aimarket /opt/aimarket
# A user by number, which a cluster can tell from root.
RUN useradd --create-home --uid 1000 aimarket && install --directory --owner aimarket --group aimarket /runs
ENV PATH=/opt/aimarket/bin:$PATH PYTHONUNBUFFERED=1
USER 1000
WORKDIR /runs
VOLUME /runs
EXPOSE 8765
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8765/readyz', timeout=4)"]
ENTRYPOINT ["aimarket"]
CMD ["serve", "--host", "0.0.0.0"]
