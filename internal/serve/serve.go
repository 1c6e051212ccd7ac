// Package serve is a web server for the person who works on a site. It listens on
// this machine only, unless told otherwise. It serves the files of a [site.Output]
// and nothing else: no path in a request is opened on the disk.
//
// A [Live] serves the newest site that could be built, and open pages reload
// themselves:
//
//	live := serve.NewLive("")
//	go serve.Server(live).Serve(listener)
//	err := live.Show(serve.Build{Output: out, Close: func() { s.Close() }}) // and again after each change
//	live.Fail(problems)                                                     // the site stays; open pages say why
//
// [Project] does all of it for a project: it listens, builds the site, watches the
// files and builds again.
//
// Other web pages that the same browser has open are not trusted. They can send
// requests to this machine, by its name or by a name of theirs that resolves to its
// address, but they must not read a record; see [guard].
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
)

// redirect adds the slash that a folder's address needs. The new address is
// relative: a path such as //host/ would be taken for a host.
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

// hashed matches files whose names change with their content.
var hashed = regexp.MustCompile(`^assets/.+\.[0-9a-f]{8}\.[a-z0-9]+$`)

func contentType(name string) string {
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

func isPage(name string) bool { return strings.HasSuffix(name, ".html") }

// Server is an http.Server with timeouts, so that no client can hold it up.
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
