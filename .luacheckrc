std = "lua51"
globals = { "PLUGIN" }
read_globals = { "RUNTIME" }
max_line_length = 120
self = false
