package browser

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// answered tells that the search page has its answer, or says that there is none.
const answered = `document.querySelector("[aria-busy]") && !document.querySelector("[aria-busy=true]") && document.querySelector("[data-words]").textContent.trim() !== ""`

// TestSearchOfADamagedIndex puts something else in the place of the index, as hosts do
// that answer each address with a page, and caches that are cut. The page says so; it
// never says that nothing was found.
func TestSearchOfADamagedIndex(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	for name, damage := range map[string]func(data []byte) []byte{
		"a page":       func([]byte) []byte { return []byte("<!doctype html><title>Shop</title><p>Welcome") },
		"half":         func(data []byte) []byte { return data[:len(data)/2] },
		"another file": func(data []byte) []byte { return bytes.Replace(data, []byte("search/"), []byte("search/x"), 1) },
	} {
		for _, of := range []string{"manifest", "t", "d", "c"} {
			t.Run(of+" "+name, func(t *testing.T) {
				index, site, damaged := regexp.MustCompile(`^/search/`+of+`[-0-9a-z]*\.js$`), still(b.output), false
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if !index.MatchString(r.URL.Path) {
						site.ServeHTTP(w, r)
						return
					}
					was := httptest.NewRecorder()
					site.ServeHTTP(was, r)
					damaged = true
					w.Header().Set("Content-Type", "text/javascript")
					_, _ = w.Write(damage(was.Body.Bytes()))
				}))
				defer server.Close()
				tab := open(t)
				tab.do(t, chromedp.Navigate(server.URL+"/search/index.html?q=passkeys+service:accounts"), until(answered))
				if said := get(t, tab, chromedp.Text("main")); !damaged || !strings.Contains(said, "could not be loaded") {
					t.Errorf("damaged: %v, the page says … %s", damaged, said[max(0, len(said)-300):])
				}
			})
		}
	}
}

// TestSearchWithoutAServer loses the server after the page was opened.
func TestSearchWithoutAServer(t *testing.T) {
	t.Parallel()
	for page, search := range map[string]chromedp.Action[chromedp.Void]{
		"index.html":        chromedp.Steps(keys("/"), until(dialogOpen), searched("passkeys", "could not be loaded")),
		"search/index.html": chromedp.Steps(chromedp.SendKeys("input[name=q]", "passkeys"), until(`document.querySelector("main").textContent.includes("could not be loaded")`)),
	} {
		server := httptest.NewServer(still(build(t, example).output))
		tab := open(t)
		tab.do(t, chromedp.Navigate(server.URL+"/"+page))
		server.CloseClientConnections()
		server.Close()
		tab.do(t, search)
	}
}
