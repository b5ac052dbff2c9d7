# Two stages: Node builds the style sheets, Python runs the portal as an ordinary user.
FROM node:22-slim AS packages
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-progress

FROM python:3.12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 gettext \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home portal
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY --chown=portal . .
COPY --from=packages /build/node_modules node_modules
RUN python scripts/build_static.py \
    && for po in portal/locale/*/LC_MESSAGES/django.po; do msgfmt -o "${po%.po}.mo" "$po"; done \
    && rm -rf node_modules \
    && mkdir -p /state /media \
    && SECRET_KEY=build DATABASE_URL=postgresql://x/x REDIS_URL=redis://x STATIC_ROOT=/app/collected \
       python manage.py collectstatic -v0 --no-input \
    && chown -R portal /state /media /app/collected
USER portal
ENV STATIC_ROOT=/app/collected MEDIA_ROOT=/media PORTAL_STATE_DIR=/state TRUSTED_PROXY_COUNT=1
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "4", "--threads", "4"]
