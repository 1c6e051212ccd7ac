package serve

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/site"
)

func written(s string) func(*bytes.Buffer) error {
	return func(b *bytes.Buffer) error { b.WriteString(s); return nil }
}

var small = site.Output{Files: []site.File{
	{Path: "404.html", Render: written("nothing here")},
	{Path: "index.html", Render: written("home")},
	{Path: "records/x/index.html", Render: written("a record")},
	{Path: "search/manifest.js", Render: written("deploysiteShard()")},
}}

// request is one as a browser, or something else, may send it.
func request(method, target, host string, header ...string) *http.Request {
	r := httptest.NewRequest(method, "http://localhost/", nil)
	if u, err := url.ParseRequestURI(target); err == nil {
		r.URL = u
	}
	r.Host = host
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func TestRefuses(t *testing.T) {
	live := NewLive("")
	if err := live.Show(Build{Output: small}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		r      *http.Request
		status int
		body   string
	}{
		"start page":                {request("GET", "/", "localhost:1313"), 200, "home"},
		"a folder":                  {request("GET", "/records/x/", "127.0.0.1:1313"), 200, "a record"},
		"IPv6":                      {request("GET", "/", "[::1]:1313"), 200, "home"},
		"own origin":                {request("GET", "/", "localhost:1313", "Origin", "http://localhost:1313"), 200, "home"},
		"query":                     {request("GET", "/index.html?q=1", "localhost"), 200, "home"},
		"missing":                   {request("GET", "/nowhere", "localhost"), 404, "nothing here"},
		"traversal":                 {request("GET", "/../../etc/passwd", "localhost"), 404, "nothing here"},
		"encoded traversal":         {request("GET", "/%2e%2e/%2e%2e/etc/passwd", "localhost"), 404, "nothing here"},
		"encoded slash":             {request("GET", "/records%2fx%2findex.html", "localhost"), 404, "nothing here"},
		"encoded back-slash":        {request("GET", "/records%5Cx%5Cindex.html", "localhost"), 404, "nothing here"},
		"NUL":                       {request("GET", "/index.html%00.js", "localhost"), 404, "nothing here"},
		"HEAD":                      {request("HEAD", "/", "localhost"), 200, ""},
		"another host":              {request("GET", "/", "evil.example"), 403, ""},
		"no host":                   {request("GET", "/", ""), 403, ""},
		"a name of ours":            {request("GET", "/", "127.0.0.1.evil.example"), 403, ""},
		"another address":           {request("GET", "/", "192.168.1.20:1313"), 403, ""},
		"all addresses":             {request("GET", "/", "0.0.0.0:1313"), 403, ""},
		"a foreign origin":          {request("GET", "/", "localhost", "Origin", "https://evil.example"), 403, ""},
		"another port's origin":     {request("GET", "/", "localhost:1313", "Origin", "http://localhost:3000"), 403, ""},
		"an origin of nobody":       {request("GET", "/", "localhost", "Origin", "null"), 403, ""},
		"POST":                      {request("POST", "/", "localhost"), 405, ""},
		"CONNECT":                   {request("CONNECT", "/", "localhost"), 405, ""},
		"a script for another site": {request("GET", "/search/manifest.js", "localhost", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "script"), 403, ""},
		"a frame in another site":   {request("GET", "/", "localhost", "Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"), 403, ""},
		"a link on another site":    {request("GET", "/", "localhost", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"), 200, "home"},
		"a script of ours":          {request("GET", "/search/manifest.js", "localhost", "Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "script"), 200, "deploysiteShard()"},
	} {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			live.ServeHTTP(w, c.r)
			body, _, _ := strings.Cut(w.Body.String(), "<script")
			if w.Code != c.status || c.body != "" && body != c.body {
				t.Errorf("%d %q", w.Code, w.Body)
			}
			if w.Header().Get("Cross-Origin-Resource-Policy") != "same-origin" {
				t.Error("other sites may use the answer")
			}
		})
	}
}

// Whoever asks for another interface gets the name that was asked for, and the
// address itself, but no name that somebody else can point here.
func TestHosts(t *testing.T) {
	here := func(ip string, r *http.Request) *http.Request {
		addr := &net.TCPAddr{IP: net.ParseIP(ip), Port: 1313}
		return r.WithContext(contextWith(r.Context(), addr))
	}
	for name, c := range map[string]struct {
		host, asked, arrived string
		status               int
	}{
		"the address":                  {"192.168.1.20", "192.168.1.20:1313", "192.168.1.20", 200},
		"the name":                     {"accounts.lan", "Accounts.lan:1313", "192.168.1.20", 200},
		"the name as a full one":       {"accounts.lan", "accounts.lan.", "192.168.1.20", 200},
		"its address":                  {"accounts.lan", "192.168.1.20:1313", "192.168.1.20", 200},
		"another name":                 {"192.168.1.20", "evil.example", "192.168.1.20", 403},
		"another address":              {"192.168.1.20", "192.168.1.21", "192.168.1.20", 403},
		"all interfaces, by the LAN's": {"0.0.0.0", "192.168.1.20:1313", "192.168.1.20", 200},
		"all interfaces, by loopback":  {"0.0.0.0", "localhost:1313", "127.0.0.1", 200},
		"localhost from outside":       {"0.0.0.0", "localhost:1313", "192.168.1.20", 403},
		"all interfaces, by a name":    {"::", "evil.example", "::1", 403},
	} {
		t.Run(name, func(t *testing.T) {
			live := NewLive(c.host)
			if err := live.Show(Build{Output: small}); err != nil {
				t.Fatal(err)
			}
			w := httptest.NewRecorder()
			live.ServeHTTP(w, here(c.arrived, request("GET", "/", c.asked)))
			if w.Code != c.status {
				t.Errorf("%d", w.Code)
			}
		})
	}
}

// A path that begins with two slashes must not send the reader to another host.
func TestRedirectStaysHere(t *testing.T) {
	live := NewLive("")
	if err := live.Show(Build{Output: small}); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "http://localhost/records/x", nil)
	w := httptest.NewRecorder()
	live.ServeHTTP(w, r)
	if got := w.Header().Get("Location"); w.Code != http.StatusMovedPermanently || got != "/records/x/" {
		t.Errorf("%d to %q", w.Code, got)
	}
}
