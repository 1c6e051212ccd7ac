package browser

import (
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/deploysite/deploysite/internal/adopt"
	"github.com/deploysite/deploysite/internal/test/webserver"
)

// hostsOfTheGuide serve a folder with the lines of the guide.
var hostsOfTheGuide = map[string]func(t *testing.T, dir string) (address string){
	"nginx": func(t *testing.T, dir string) string {
		lines := webserver.Guide(t, "hosts.md", "nginx")
		return webserver.Nginx(t, func(address string) string {
			return strings.NewReplacer("443 ssl", address, "/srv/deployments", dir).Replace(lines)
		})
	},
	"caddy": func(t *testing.T, dir string) string {
		lines := webserver.Guide(t, "hosts.md", "caddyfile")
		return webserver.Caddy(t, func(address string) string {
			return strings.NewReplacer("deployments.example.org", "http://"+address, "/srv/deployments", dir).Replace(lines)
		})
	},
}

// TestHeaders reads the example behind the web servers of the guide: each file comes
// with the headers, and the browser has nothing to complain of.
func TestHeaders(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	for name, serve := range hostsOfTheGuide {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := "http://" + serve(t, b.dir) + "/"
			for _, f := range b.output.Files {
				checkHeaders(t, base+f.Path, http.StatusOK, path.Dir(f.Path) == "assets")
			}
			checkHeaders(t, base+"records/none/", http.StatusNotFound, false)
			checkHeaders(t, base+"assets/gone.01234567.js", http.StatusNotFound, false)
			tab := open(t)
			for _, page := range append(pageTypes(b), "metrics/index.html", "steps/index.html", knownPage) {
				staysInSite(t, tab, base, page)
			}
			tab.do(t, chromedp.Navigate(base), keys("/"), until(dialogOpen), searched(knownQuery, knownTitle), keys("\r"),
				until(`document.title.includes(`+quoted(knownTitle)+`)`),
				chromedp.Navigate(base+"search/index.html"), chromedp.WaitReady("form.ask"),
				chromedp.Evaluate[chromedp.Void](`document.querySelector("form.ask input").value = "rollback"; document.querySelector("form.ask").submit()`),
				until(`location.search.includes("rollback")`),
				chromedp.Navigate(base+"environments/index.html?day=2025-04-20"), until(`document.querySelector("[data-said]").textContent !== ""`))
			for _, e := range tab.takeErrors() {
				t.Error(e)
			}
		})
	}
}

func checkHeaders(t *testing.T, address string, status int, hashed bool) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != status {
		t.Errorf("%s: status %d, want %d", address, resp.StatusCode, status)
	}
	cache := adopt.CacheOthers
	if hashed {
		cache = adopt.CacheHashed
	}
	for _, h := range append(adopt.Headers[:len(adopt.Headers):len(adopt.Headers)], adopt.Header{Name: "Cache-Control", Value: cache}) {
		if got := resp.Header.Values(h.Name); len(got) != 1 || got[0] != h.Value {
			t.Errorf("%s: %s is %q, want %q", address, h.Name, got, h.Value)
		}
	}
}
