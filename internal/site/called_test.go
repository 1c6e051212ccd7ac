package site

import "testing"

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
