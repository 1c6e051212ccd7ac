package serve

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/site"
)

func text(s string) func(*bytes.Buffer) error {
	return func(b *bytes.Buffer) error { b.WriteString(s); return nil }
}

func TestHandler(t *testing.T) {
	h := Handler(site.Output{Files: []site.File{
		{Path: "404.html", Render: text("nothing here")},
		{Path: "index.html", Render: text("home")},
		{Path: "records/x/index.html", Render: text("a record")},
	}})
	cases := map[string]struct {
		method, target, host, origin string
		status                       int
		body                         string
	}{
		"start page":          {"GET", "/", "localhost:1313", "", 200, "home"},
		"a folder":            {"GET", "/records/x/", "127.0.0.1:1313", "", 200, "a record"},
		"IPv6":                {"GET", "/", "[::1]:1313", "", 200, "home"},
		"own origin":          {"GET", "/", "localhost:1313", "http://localhost:1313", 200, "home"},
		"query":               {"GET", "/index.html?q=1", "localhost", "", 200, "home"},
		"missing":             {"GET", "/nowhere", "localhost", "", 404, "nothing here"},
		"traversal":           {"GET", "/../../etc/passwd", "localhost", "", 404, "nothing here"},
		"encoded traversal":   {"GET", "/%2e%2e/%2e%2e/etc/passwd", "localhost", "", 404, "nothing here"},
		"HEAD":                {"HEAD", "/", "localhost", "", 200, ""},
		"another host":        {"GET", "/", "evil.example", "", 403, ""},
		"a name of ours":      {"GET", "/", "127.0.0.1.evil.example", "", 403, ""},
		"a foreign origin":    {"GET", "/", "localhost:1313", "https://evil.example", 403, ""},
		"an origin of nobody": {"GET", "/", "localhost:1313", "null", 403, ""},
		"POST":                {"POST", "/", "localhost", "", 405, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, "http://localhost/", nil)
			r.URL.Path, _, _ = strings.Cut(c.target, "?")
			r.Host = c.host
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != c.status || c.body != "" && w.Body.String() != c.body {
				t.Errorf("%s %s of %s: %d %q", c.method, c.target, c.host, w.Code, w.Body)
			}
		})
	}
}

// A path that begins with two slashes must not send the reader to another host.
func TestRedirectStaysHere(t *testing.T) {
	h := Handler(site.Output{Files: []site.File{{Path: "records/x/index.html", Render: text("a record")}}})
	r := httptest.NewRequest(http.MethodGet, "http://localhost/records/x", nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if got := w.Header().Get("Location"); w.Code != http.StatusMovedPermanently || got != "/records/x/" {
		t.Errorf("%d to %q", w.Code, got)
	}
}
