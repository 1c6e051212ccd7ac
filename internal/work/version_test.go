package work

import (
	"strings"
	"testing"
)

func TestVersionOf(t *testing.T) {
	for _, test := range []struct{ services, tags, want string }{
		{"jump-man", "v1.4.2", "v1.4.2"},
		{"jump-man", "", ""},
		{"jump-man", "release-1.4.2", "release-1.4.2"},
		{"jump-man", "2024-08-31", "2024-08-31"},
		{"jump-man", "20240831.2", "20240831.2"},
		{"jump-man", "1.4.2+build.7", "1.4.2+build.7"},
		{"jump-man", "v0.0.0-20240831120000-3f2c9ab0c1d2", "v0.0.0-20240831120000-3f2c9ab0c1d2"},
		// Of several, the one that is released.
		{"web", "v9.10.0 v9.9.0", "v9.10.0"},
		{"web", "v2.0.0-rc.1 v2.0.0 v2.0.0-rc.2", "v2.0.0"},
		{"web", "v2.0.0-rc.9 v2.0.0-rc.10", "v2.0.0-rc.10"},
		{"web", "v1 v1.2 v1.2.3", "v1.2.3"},
		{"web", "2024-08-31 v1.2.3", "v1.2.3"},
		{"web", "v1.2.3 v1.2.3-hotfix1", "v1.2.3-hotfix1"},
		// The service's own.
		{"web", "web-v2.0.0", "v2.0.0"},
		{"web", "web/v2.0.0", "v2.0.0"},
		{"web", "v2.0.0-web", "v2.0.0"},
		{"web", "@shop/web@2.0.0", "2.0.0"},
		{"web", "services/web/v2.0.0", "v2.0.0"},
		{"web", "release/web-2.0.0", "2.0.0"},
		{"web", "WEB_2.0.0-rc.1", "2.0.0-rc.1"},
		{"Score Board", "score-board-v3.1", "v3.1"},
		{"web", "api-v1.2.3 v9.0.0 web-v2.0.0 production", "v2.0.0"},
		{"web", "api-v1.2.3 v9.0.0", "v9.0.0"},
		{"web", "web@2.0.0 web@1.9.9", "2.0.0"},
		{"web", "Web/V2.0.0", "V2.0.0"},
		{"web_shop", "web-shop-v2.0.0", "v2.0.0"},
		{"Café", "cafe\u0301-v2.0.0", "v2.0.0"},
		{"Cafe\u0301", "café-v2.0.0", "v2.0.0"},
		{"api2", "api2-v1.0.0 api-v2.0.0", "v1.0.0"},
		// Another service's, or no version at all.
		{"web", "webapp-v1.2.3", ""},
		{"web", "api@2.0.0", ""},
		{"api", "api2-v1.0.0", ""},
		{"web", "qa-v1.2.3", ""},
		{"web", "rollback-2024-08-31", ""},
		{"web", "v1 latest", "v1"},
		{"web", "api-v1.2.3", ""},
		{"web", "api/v1.2.3", ""},
		{"web", "v1.2.3-api", ""},
		{"web", "web-admin-v1.2.3", ""},
		{"admin", "web-admin-v1.2.3", ""},
		{"web", "production latest stable nightly-2024-08-31", ""},
		{"web", "v1-latest v1.x", ""},
		{"web", "staging/v1.2.3", ""},
		{"web", "web web-latest", ""},
		{"web", "3f2c9ab", ""},
		// Several services have one together, or none.
		{"web api", "web-v2.0.0 api-v2.0.0", "v2.0.0"},
		{"web api", "web-v2.0.0 api-v1.2.3", ""},
		{"web api", "web-v2.0.0", ""},
		{"web api", "v2.0.0", "v2.0.0"},
		{"", "v2.0.0", "v2.0.0"},
		{"***", "v2.0.0", "v2.0.0"},
	} {
		services := strings.Fields(test.services)
		if test.services == "Score Board" {
			services = []string{test.services}
		}
		if got := versionOf(strings.Fields(test.tags), services); got != test.want {
			t.Errorf("%s: %s: %q, want %q", test.services, test.tags, got, test.want)
		}
	}
}
