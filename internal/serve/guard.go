package serve

import (
	"cmp"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// guard passes on the requests of the site's own pages, and links to them from
// elsewhere. It refuses
//
//   - a Host header that does not name this machine: an attacker can let a name of
//     theirs resolve to this machine's address (DNS rebinding);
//   - a foreign Origin header, and what another site asks for according to the
//     browser's Sec-Fetch headers. The latter is needed since a page can load
//     scripts, such as the search index, without an Origin;
//   - all methods but GET and HEAD.
//
// host is the address or name that the server listens on, "" for the loopback.
func guard(host string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Content-Security-Policy", "frame-ancestors 'none'")
		switch {
		case !isOurs(host, r):
			http.Error(w, "this server answers to "+cmp.Or(host, "localhost")+" only", http.StatusForbidden)
		case !sameOrigin(r) || !askedHere(r):
			http.Error(w, "this server answers to its own pages only", http.StatusForbidden)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isOurs reports whether the Host header names this machine: by host, or by the IP
// address at which the request arrived. DNS cannot forge an IP address.
func isOurs(host string, r *http.Request) bool {
	asked := hostname(r.Host)
	if host == "" {
		return isLoopback(asked)
	}
	if strings.EqualFold(strings.TrimSuffix(asked, "."), host) {
		return true
	}
	here, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if here == nil {
		return false
	}
	return here.IP.IsLoopback() && isLoopback(asked) || here.IP.Equal(net.ParseIP(asked))
}

// hostname is a Host header without its port.
func hostname(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		return h
	}
	return strings.Trim(host, "[]")
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host == r.Host
}

// askedHere reports whether a request comes from a page of this site, from the
// address bar or from a link. Old browsers do not say; there only the header
// Cross-Origin-Resource-Policy of the answer keeps other sites from using it.
func askedHere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	}
	return r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}
