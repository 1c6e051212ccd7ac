package browser

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/site"
)

// A visit opens a page in Firefox.
type visit struct {
	URL   string `json:"url"`
	Until string `json:"until"` // true once the page is ready
	Value string `json:"value"` // what is asked for, a script
	Want  any    `json:"-"`     // as JSON gives it: a float64 for a number
}

// TestFirefox uses what needs scripts in the other browser: the search, filters, the
// day of the matrix, the colours that are chosen. Chromium is asked in detail elsewhere.
func TestFirefox(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	service := b.site.Terms[facet.Service][0]
	ofService := count(b.site, func(e *site.Entry) bool {
		for _, term := range e.Terms(facet.Service) {
			if term == service {
				return true
			}
		}
		return false
	})
	failed := count(b.site, func(e *site.Entry) bool { return e.Status == "failed" || e.Status == "rolled-back" })
	const filtered = `!document.querySelector("[data-filter]").hidden`
	const hits = hitTitles + `.length > 0`
	var visits []visit
	for _, base := range b.places() {
		visits = append(visits,
			visit{base + "timeline/index.html?status=failed+rolled-back", filtered, visibleRows, float64(failed)},
			visit{base + "timeline/index.html?service=" + service.Slug, filtered, visibleRows, float64(ofService)},
			visit{base + "search/index.html?q=x509", hits, `document.querySelector("[data-hits]").textContent.includes("x509")`, true},
			visit{base + "search/index.html?q=passkeys&environment=staging", hits,
				`document.querySelector(".facets input[name=environment][value=staging]").checked && ` + hitTitles + `.length ===
					+document.querySelector(".facets input[name=environment][value=staging]").closest("label").querySelector(".count").textContent`, true},
			visit{base + "environments/index.html?day=2025-04-20", `document.querySelector("[data-said]").textContent !== ""`,
				`document.querySelector(".board tbody tr:nth-child(2) td").innerText.includes("v1.7.0")`, true},
			visit{base + "index.html", `!!document.querySelector("[data-theme-switch]")`,
				`(() => { const b = document.querySelector("[data-theme-switch]"); b.click(); b.click(); return getComputedStyle(document.documentElement).colorScheme })()`, "dark"},
		)
	}
	for i, seen := range firefox(t, visits) {
		if seen.Value != visits[i].Want {
			t.Errorf("%s: %s\n\tis %v, want %v", visits[i].URL, visits[i].Value, seen.Value, visits[i].Want)
		}
		for _, e := range seen.Errors {
			t.Errorf("%s: %s", visits[i].URL, e)
		}
	}
}

// seen is what a visit found.
type seen struct {
	Value  any
	Errors []string
}

// firefox makes visits, one after the other, in one Firefox.
func firefox(t *testing.T, visits []visit) []seen {
	t.Helper()
	path := findFirefox()
	if path == "" {
		t.Fatal("Firefox is not installed; run: mise run setup-test")
	}
	asked, err := json.Marshal(map[string]any{"firefox": path, "visits": visits})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "firefox.mjs")
	cmd.Dir, cmd.Stdin = "npm", bytes.NewReader(asked)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir()) // where it keeps what belongs to a user
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	var found []seen
	if err == nil {
		err = json.Unmarshal(out, &found)
	}
	if err == nil && len(found) != len(visits) {
		err = fmt.Errorf("%d of %d pages were seen", len(found), len(visits))
	}
	if err != nil {
		t.Fatalf("Firefox: %v\n%s", err, said.String())
	}
	return found
}

func findFirefox() string {
	for _, name := range []string{"firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
