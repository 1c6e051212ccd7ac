package site

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

func TestWhatATitleAdds(t *testing.T) {
	names := []string{"scores-api", "production", "v3.1.0", "3.1.0"}
	for title, want := range map[string]string{
		"scores-api v3.1.0 to production":              "",
		"🚀 Deployment 2024-09-03: Scores-API 3.1.0":    "",
		"scores-api v3.1.0 to production: passkeys":    "passkeys",
		"scores-api v3.1.0 (weekly boards)":            "weekly boards",
		"scores-api v3.1.0 goes live!":                 "goes live!",
		"scores-api v3.1.0 in the evening":             "in the evening",
		"scores-api v3.1.0-rc.1":                       "v3.1.0-rc.1", // another version
		"scores-apis moved":                            "scores-apis moved",
		"Rollback of scores-api to v3.1.0":             "Rollback of scores-api to v3.1.0",
		"To be deployed later":                         "To be deployed later",
		"nach production: Umbau (erster Teil) (final)": "Umbau (erster Teil) (final)",
		"": "",
	} {
		if got := withoutNames(title, names); got != want {
			t.Errorf("%q adds %q, want %q", title, got, want)
		}
	}
}

// Rows that would look the same name the files of their records, unless these are numbers.
func TestRowsThatLookTheSame(t *testing.T) {
	for _, test := range []struct {
		a, b string // IDs and front matter
		want string // what the row of the first adds
	}{
		{"dev-courses-2026-03-08|service: web", "dev-images-2026-03-08|service: web", "Deployment Record · dev-courses-2026-03-08"},
		{"dev-courses-2026-03-08|", "dev-images-2026-03-08|", "dev-courses-2026-03-08"},
		{"dev-courses-2026-03-08|service: web", "dev-images-2026-03-09|service: web", "Deployment Record"},
		{"dev-courses-2026-03-08|service: web", "dev-images-2026-03-08|service: api", "Deployment Record"},
		{"dev-courses-2026-03-08|service: web", "dev-images-2026-03-08|{service: web, environment: dev}", "Deployment Record"},
		{"dev-courses-2026-03-08|{service: web, version: v1}", "dev-images-2026-03-08|{service: web, version: v2}", "Deployment Record"},
		{"dev-courses-2026-03-08|{service: web, started: 2026-03-08 10:00}", "dev-images-2026-03-08|{service: web, started: 2026-03-08 11:00}", "Deployment Record"},
		{"2026-03-08|service: web", "2026-03-08-2|service: web", "Deployment Record"},
		{"dev-courses-2026-03-08|", "2026-03-08-2|", ""},
	} {
		var files []txtar.File
		for _, r := range []string{test.a, test.b} {
			id, front, _ := strings.Cut(r, "|")
			files = append(files, txtar.File{Name: "deployments/checklists/" + id + ".md", Data: fmt.Appendf(nil, "---\n%s\n---\n# Deployment Record\n", front)})
		}
		s, _ := load(t, write(t, files))
		id, _, _ := strings.Cut(test.a, "|")
		if got := s.byID[id].Adds(); got != test.want {
			t.Errorf("%s beside %s adds %q, want %q", test.a, test.b, got, test.want)
		}
	}
}
