package serve

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/deploysite/deploysite/internal/site"
)

// files are the files of a site by path.
type files map[string]site.File

func index(out site.Output) files {
	all := make(files, len(out.Files))
	for _, f := range out.Files {
		all[f.Path] = f
	}
	return all
}

// pathOf is the path of the file that an address names. It is "" if the address has
// an escaped slash or backslash, since these do not separate folders.
func pathOf(u *url.URL) string {
	escaped := strings.ToLower(u.EscapedPath())
	if strings.Contains(escaped, "%2f") || strings.Contains(escaped, "%5c") {
		return ""
	}
	name := strings.TrimPrefix(u.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	return name
}

// find returns the file for an address and its status, or the "not found" page. If
// the address is that of a folder without a slash at its end, it returns the folder.
func (fs files) find(u *url.URL) (f site.File, status int, folder string) {
	name := pathOf(u)
	f, ok := fs[name]
	switch _, isFolder := fs[name+"/index.html"]; {
	case ok:
		return f, http.StatusOK, ""
	case isFolder && name != "":
		return f, 0, name
	}
	if f, ok = fs["404.html"]; !ok {
		f = notFound
	}
	return f, http.StatusNotFound, ""
}
