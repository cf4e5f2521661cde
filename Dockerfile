# One image for web, worker, beat and the migrate job.
FROM python:3.11-slim AS build
WORKDIR /app
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir "uv==0.13.9"
COPY pyproject.toml uv.lock ./
RUN /opt/venv/bin/uv export --quiet --frozen --no-emit-project --no-dev --format requirements-txt --output-file /tmp/requirements.txt \
 && /opt/venv/bin/uv pip install --quiet --require-hashes --python /opt/venv/bin/python --requirement /tmp/requirements.txt

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 voltaic && mkdir /data && chown voltaic /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY . .
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=project.settings.base \
    VOLTAIC_DATA_DIR=/data VOLTAIC_STATIC_ROOT=/opt/static
RUN VOLTAIC_SECRET_KEY=only-to-collect-static python manage.py collectstatic --noinput --verbosity 0
USER voltaic
EXPOSE 8000
CMD ["gunicorn", "project.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--limit-request-line", "8190", "--no-control-socket"]
