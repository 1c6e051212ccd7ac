package site

import (
	"html/template"
	"net/url"
	"path"

	"github.com/deploysite/deploysite/internal/project"
)

// A forge knows the addresses that a repository has on the web.
type forge struct {
	kind   project.Forge
	repo   string // "https://host/team/project", without a slash at the end
	branch string
	below  string // where in it the project lies, ending in "/"; "" for the top
}

// forgePaths are where a kind of forge shows what a repository holds.
type forgePaths struct{ blob, edit, editEnd, commit, compare string }

var forges = map[project.Forge]forgePaths{
	project.GitHub:    {blob: "/blob/", edit: "/edit/", commit: "/commit/", compare: "/compare/"},
	project.GitLab:    {blob: "/-/blob/", edit: "/-/edit/", commit: "/-/commit/", compare: "/-/compare/"},
	project.Forgejo:   {blob: "/src/branch/", edit: "/_edit/", commit: "/commit/", compare: "/compare/"},
	project.Gitea:     {blob: "/src/branch/", edit: "/_edit/", commit: "/commit/", compare: "/compare/"},
	project.Bitbucket: {blob: "/src/", edit: "/src/", editEnd: "?mode=edit", commit: "/commits/", compare: "/branches/compare/"},
}

// paths returns the paths of the forge. An unknown one is taken to be like GitHub.
func (f forge) paths() forgePaths {
	if paths, ok := forges[f.kind]; ok {
		return paths
	}
	return forges[project.GitHub]
}

// blob is the address at which a file is shown.
func (f forge) blob(file string) string {
	return f.repo + f.paths().blob + escapePath(f.branch) + "/" + escapePath(path.Join(f.below, file))
}

// edit is the address at which a file can be edited.
func (f forge) edit(file string) string {
	return f.repo + f.paths().edit + escapePath(f.branch) + "/" + escapePath(path.Join(f.below, file)) + f.paths().editEnd
}

func escapePath(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// commit is the address of a commit.
func (f forge) commit(hash string) string { return f.repo + f.paths().commit + url.PathEscape(hash) }

// link shows code, as a link to an address if there is a forge.
func (f forge) link(address, code string) template.HTML {
	h := "<code>" + template.HTMLEscapeString(code) + "</code>"
	if f.repo != "" {
		h = `<a href="` + template.HTMLEscapeString(address) + `">` + h + "</a>"
	}
	return template.HTML(h)
}

// compare is the address of the changes between two revisions.
func (f forge) compare(from, to string) string {
	what := url.PathEscape(from) + "..." + url.PathEscape(to)
	if f.kind == project.Bitbucket {
		what = url.PathEscape(to) + "%0D" + url.PathEscape(from)
	}
	return f.repo + f.paths().compare + what
}
