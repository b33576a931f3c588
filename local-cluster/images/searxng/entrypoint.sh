#!/bin/sh
# Makes the settings at the first start, then starts the server. For the settings that are used here it does what
# upstream's image does.
set -e

settings=/etc/searxng/settings.yml

# The key is the server's where SEARXNG_SECRET is not set. A start that is killed leaves no half of the settings.
if [ ! -e "$settings" ]; then
	echo "docker-entrypoint: there is no $settings yet; it is made from the template"
	key=$(head -c 32 /dev/urandom | sha256sum | cut -d ' ' -f 1)
	sed "s/ultrasecretkey/$key/" /usr/local/searxng/searx/settings.yml >"$settings.making"
	sync
	mv "$settings.making" "$settings"
	sync
fi

export GRANIAN_PORT="${SEARXNG_PORT:-$GRANIAN_PORT}"
exec python3.13 -m granian searx.webapp:app
