"""One algorithm a file: `choose`, `update` and SPEC. The registry finds them; see CONTRIBUTING for adding one."""
