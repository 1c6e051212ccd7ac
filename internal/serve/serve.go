// Package serve shows a finished site to the person who built it, on this
// machine only. It serves the files of an Output and nothing else: no request
// reaches the disk.
package serve

import (
	"bytes"
	"mime"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/site"
)

// Handler serves a site's files by GET and HEAD, to clients that name this
// machine as the host. A page elsewhere that was given a name for 127.0.0.1
// (DNS rebinding), or that sends its own Origin, is refused.
func Handler(out site.Output) http.Handler {
	files := make(map[string]site.File, len(out.Files))
	for _, f := range out.Files {
		files[f.Path] = f
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		switch {
		case !local(r.Host) || !sameOrigin(r):
			http.Error(w, "this server answers to localhost only", http.StatusForbidden)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		default:
			serveFile(w, r, files)
		}
	})
}

func serveFile(w http.ResponseWriter, r *http.Request, files map[string]site.File) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	status := http.StatusOK
	f, ok := files[name]
	if _, folder := files[name+"/index.html"]; !ok && folder {
		// Only the last element: a path such as //host/ must not become a host.
		http.Redirect(w, r, path.Base(name)+"/", http.StatusMovedPermanently)
		return
	}
	if !ok {
		f, status = files["404.html"], http.StatusNotFound
	}
	data, err := f.Bytes()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentType(f.Path))
	if status != http.StatusOK {
		w.WriteHeader(status)
		if r.Method != http.MethodHead {
			_, _ = w.Write(data) // the client is gone; there is nobody to tell
		}
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

func contentType(name string) string {
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// local tells whether a Host header names this machine.
func local(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
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

// Server is an http.Server that no client can hold up for long.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
	}
}
