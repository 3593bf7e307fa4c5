"""One guardrail a file: a promise that holds at every send, whatever the policy."""
