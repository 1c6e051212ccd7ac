package adopt

import (
	"encoding/json"
	"strings"
)

// quoted is a text in quotes that TOML and YAML both read: those of JSON.
func quoted(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string can always be written
	return strings.TrimSuffix(b.String(), "\n")
}
