package docs

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/adopt"
	"github.com/deploysite/deploysite/internal/test/webserver"
)

// TestServerBelowAPath runs nginx with the lines of the guide.
func TestServerBelowAPath(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"arcade-site/index.html": "the site", "arcade-site/404.html": "not found here", "arcade-site/records/1/index.html": "one", "other/index.html": "the rest"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.ReplaceAll(webserver.Guide(t, "publish.md", "nginx"), "/tmp/", dir+"/")
	address := webserver.Nginx(t, func(address string) string {
		return fmt.Sprintf("server {\nlisten %s;\nroot %s/other;\n%s}", address, dir, lines)
	})
	for path, want := range map[string]string{
		"/":                    "200 the rest",
		"/arcade":              "200 the site",
		"/arcade/":             "200 the site",
		"/arcade/records/none": "404 not found here",
		"/arcade/records/":     "404 not found here",
		"/arcade/records/1/":   "200 one",
	} {
		resp, err := http.Get("http://" + address + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if got := fmt.Sprint(resp.StatusCode, " ", string(body)); err != nil || got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// TestHeadersOfHosts holds the lines of the guide to the headers that the program knows.
func TestHeadersOfHosts(t *testing.T) {
	for _, language := range []string{"nginx", "caddyfile", "apache", "json"} {
		lines := webserver.Guide(t, "hosts.md", language)
		for _, h := range adopt.Headers {
			if language == "json" && h.Value == "nosniff" { // the policy has no value for it
				h.Value = `"ContentTypeOptions": { "Override": true }`
			}
			if !strings.Contains(lines, h.Value) || language != "json" && !strings.Contains(lines, h.Name) {
				t.Errorf("the lines of %s have no %s: %s", language, h.Name, h.Value)
			}
		}
		if language != "json" && (!strings.Contains(lines, adopt.CacheHashed) || !strings.Contains(lines, adopt.CacheOthers)) {
			t.Errorf("the lines of %s do not say what is kept", language)
		}
	}
	if lines := webserver.Guide(t, "hosts.md", "text"); lines != adopt.HeadersFile() {
		t.Errorf("the guide's _headers is\n%s, init writes\n%s", lines, adopt.HeadersFile())
	}
}
