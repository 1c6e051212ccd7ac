package project

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

// TestEveryKeyIsDocumented holds the guide's reference to the keys that are read:
// none may be missing, and none may be told of that does not exist.
func TestEveryKeyIsDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/guide/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	var config Config
	var person Person
	var source Source
	known := slices.Concat(names(config.settings()), names(config.Search.settings()), names(config.Audit.settings()), names(config.Metrics.settings()), names(config.Check.settings()), names(config.Secrets.settings()), names(person.settings()), names(source.settings(exampleName)))
	var told []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|").FindAllSubmatch(text, -1) {
		told = append(told, string(m[1]))
	}
	for _, key := range known {
		if !slices.Contains(told, key) {
			t.Errorf("docs/guide/configuration.md has no row for %s", key)
		}
	}
	for _, key := range told {
		if !slices.Contains(known, key) {
			t.Errorf("docs/guide/configuration.md has a row for %s, which is no key", key)
		}
	}
}
