#!/usr/bin/env bash
# The bug: the shell is PID 1 and waits for node in the foreground. It gets SIGTERM, ignores it as PID 1 does, and node
# hears nothing of it. `exec` before `node` would mend it.
node /app/index.js good
echo "the app has ended with $?"
