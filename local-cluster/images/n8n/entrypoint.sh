#!/bin/sh
# Starts what upstream's n8n image would for the same arguments: they are n8n's, and without any n8n serves.
exec n8n "$@"
