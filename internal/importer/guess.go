package importer

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// guess finds the format of a source by its first bytes and its name.
func guess(s Source) Found {
	data := bytes.TrimPrefix(s.Data, text.ByteOrderMark)
	if isJSON(data) {
		return guessForge(data)
	}
	switch ext := strings.ToLower(path.Ext(s.Name)); ext {
	case ".csv", ".tsv":
		return Found{CSV, "its name ends in " + ext}
	case ".md", ".markdown":
		return Found{Log, "its name ends in " + ext}
	}
	first, _, _ := strings.Cut(string(data[:min(len(data), 64<<10)]), "\n")
	separator := separatorOf(data)
	known := 0
	for _, name := range strings.Split(first, string(separator)) {
		if keyOf(strings.Trim(name, "\" \r")) != "" {
			known++
		}
	}
	if known >= 2 && !strings.HasPrefix(strings.TrimSpace(first), "|") {
		return Found{CSV, "its first line names columns"}
	}
	return Found{Log, "it is neither JSON nor a CSV with a header"}
}

// isJSON reports whether a source begins as an object or an array does, and not as
// Markdown with a link does.
func isJSON(data []byte) bool {
	text := bytes.TrimLeft(data[:min(len(data), 4096)], " \t\r\n")
	if len(text) == 0 || text[0] != '[' && text[0] != '{' {
		return false
	}
	next := bytes.TrimLeft(text[1:], " \t\r\n")
	return len(next) == 0 || strings.IndexByte(`{["]}`, next[0]) >= 0
}

func guessForge(data []byte) Found {
	dec := json.NewDecoder(bytes.NewReader(data))
	for skipped := 0; skipped < 8; skipped++ {
		at := skipLayout(data, int(dec.InputOffset()))
		if at < len(data) && data[at] == '{' {
			var raw json.RawMessage
			if dec.Decode(&raw) != nil {
				break
			}
			return forgeOf(object{fields: members(raw)})
		}
		if _, err := dec.Token(); err != nil {
			break
		}
	}
	return Found{GitHub, "it is JSON"}
}

func forgeOf(o object) Found {
	if s := shapeOf(o); s != nil {
		if strings.HasPrefix(s.id, "gitlab") {
			return Found{GitLab, "it is JSON with the fields of a GitLab " + s.name}
		}
		return Found{GitHub, "it is JSON with the fields of a GitHub " + s.name}
	}
	return Found{GitHub, "it is JSON"}
}
