#!/bin/sh
# What a container runs is its first word; everything else reads the environment (.env.example).
set -eu
cd /srv/scf

case "${1:-web}" in
  migrate) # tables by their owner, then the contracts; run to its end before anything else starts
    DATABASE_URL="${DATABASE_OWNER_URL:-$DATABASE_URL}" python manage.py migrate --noinput
    exec python manage.py deploy_contracts
    ;;
  web)
    python manage.py collectstatic --noinput --verbosity 0
    exec gunicorn scf.config.wsgi:application --bind "0.0.0.0:${WEB_PORT:-8000}" \
      --worker-class gthread --workers 4 --threads 8 \
      --graceful-timeout 20 --no-control-socket --access-logfile -
    ;;
  events) # the event stream and nothing else
    exec uvicorn scf.config.asgi:application --host 0.0.0.0 --port 8010 --lifespan off \
      --log-level warning --timeout-graceful-shutdown 5
    ;;
  worker) exec celery --app scf.config.celery worker --loglevel INFO --concurrency 4 ;;
  beat) exec celery --app scf.config.celery beat --loglevel INFO --schedule /var/lib/scf/beat.db --pidfile= ;;
  sender | indexer | signer) exec python manage.py "$1" ;;
  chain) # a development chain; production names its own node with RPC_URL
    exec contracts/node_modules/@foundry-rs/anvil-linux-*/bin/anvil --silent --host 0.0.0.0 \
      --port 8545 --chain-id "${CHAIN_ID:-20260}" --no-mining --hardfork cancun --gas-price 0 \
      --block-base-fee-per-gas 0 --disable-min-priority-fee \
      --state /var/lib/scf/chain.json --state-interval 1
    ;;
  blocks) exec python manage.py produce_blocks ;;
  manage)
    shift
    exec python manage.py "$@"
    ;;
  *)
    echo "unknown: $1 (migrate web events worker beat sender indexer signer chain blocks manage)" >&2
    exit 64
    ;;
esac
