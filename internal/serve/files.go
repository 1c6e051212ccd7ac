package serve

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/deploysite/deploysite/internal/site"
)

// files are those of a site, by path.
type files map[string]site.File

func index(out site.Output) files {
	all := make(files, len(out.Files))
	for _, f := range out.Files {
		all[f.Path] = f
	}
	return all
}

// pathOf is the file that an address names, "" where it can name none: a slash
// that is written as %2F is no slash of a path.
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

// find gives the file for an address, or that of the page that says that there
// is none; or else the folder that is meant.
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
