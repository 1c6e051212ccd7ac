package serve

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// guard lets through what a reader's own browser asks for this site, and refuses
// the rest:
//
//   - a Host that is not this machine's: the name of an attacker's page that was
//     pointed at this address (DNS rebinding);
//   - an Origin that is not the site's own, and what browsers say was asked for by
//     another site. The files of the search index are scripts, and a page could
//     load scripts from here without any Origin; only links may lead here;
//   - everything but GET and HEAD.
//
// host is the address or name that was asked to be listened on, "" for this
// machine's loopback.
func guard(host string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Content-Security-Policy", "frame-ancestors 'none'")
		switch {
		case !isOurs(host, r):
			http.Error(w, "this server answers to "+name(host)+" only", http.StatusForbidden)
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

func name(host string) string {
	if host == "" {
		return "localhost"
	}
	return host
}

// isOurs reports whether a request names this machine: by the host that was asked
// for, or by the very address at which it arrived. No name server can make a
// browser send that for another page.
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

// askedHere reports whether a request comes from a page of this site, or from the
// address bar or a link. Old browsers do not say; the answer's own policy, by
// which other sites may not use it, is all that stands before those.
func askedHere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	}
	return r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}
