// Package serve shows a site to the person who works on it, on this machine
// only. It serves the files of an Output and nothing else: no request reaches
// the disk.
//
// [Handler] serves a site that stays as it is. A [Live] serves the newest one
// that could be built, and has open pages load themselves again:
//
//	live := serve.NewLive(serve.Options{})
//	go serve.Server(live).Serve(listener)
//	err := live.Show(serve.Build{Output: out, Close: func() { s.Close() }}) // and again after each change
//	live.Fail(problems)                                                     // the site stays; open pages say why
//
// [Project] does all of it for a project: it listens, builds, watches the files and
// builds again.
//
// Who is not trusted here: any web page that the same browser has open. It can
// send requests to this machine, by its name or by one of its own that it points
// here, but it must not read a record; see [guard].
package serve

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/site"
)

// Handler serves a site's files by GET and HEAD, to clients that name this
// machine as the host.
func Handler(out site.Output) http.Handler {
	files := index(out)
	return guard("", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, status, folder := files.find(r.URL)
		if folder != "" {
			redirect(w, r, folder)
			return
		}
		data, err := f.Bytes()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		send(w, r, f.Path, status, data)
	}))
}

// redirect leads to a folder's page. Only the last element is named: a path such
// as //host/ must not become a host.
func redirect(w http.ResponseWriter, r *http.Request, folder string) {
	http.Redirect(w, r, path.Base(folder)+"/", http.StatusMovedPermanently)
}

// send answers with a file's bytes.
func send(w http.ResponseWriter, r *http.Request, name string, status int, data []byte) {
	w.Header().Set("Content-Type", contentType(name))
	if hashed.MatchString(name) && status == http.StatusOK {
		keepForEver(w)
	}
	if status == http.StatusOK {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
		return
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(data)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(data) // the client is gone; there is nobody to tell
	}
}

func keepForEver(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
}

// hashed are the files whose names change with their content.
var hashed = regexp.MustCompile(`^assets/.+\.[0-9a-f]{8}\.[a-z0-9]+$`)

func contentType(name string) string {
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

func isPage(name string) bool { return strings.HasSuffix(name, ".html") }

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
