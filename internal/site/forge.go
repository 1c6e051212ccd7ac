package site

import (
	"html/template"
	"net/url"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/render"
)

// A forge knows the addresses that a repository has on the web.
type forge struct {
	kind   project.Forge
	repo   string // "https://host/team/project", without a slash at the end
	branch string
	below  string // where in it the project lies, ending in "/"; "" for the top
}

// blob is where files are shown, ending in a slash.
func (f forge) blob() string {
	branch := (&url.URL{Path: f.branch}).EscapedPath() + "/" + render.EscapePage(f.below)
	switch f.kind {
	case project.GitLab:
		return f.repo + "/-/blob/" + branch
	case project.Forgejo, project.Gitea:
		return f.repo + "/src/branch/" + branch
	case project.Bitbucket:
		return f.repo + "/src/" + branch
	}
	return f.repo + "/blob/" + branch
}

// edit is where a file can be edited.
func (f forge) edit(file string) string {
	branch, file := (&url.URL{Path: f.branch}).EscapedPath(), (&url.URL{Path: file}).EscapedPath()
	switch f.kind {
	case project.GitLab:
		return f.repo + "/-/edit/" + branch + "/" + file
	case project.Forgejo, project.Gitea:
		return f.repo + "/_edit/" + branch + "/" + file
	case project.Bitbucket:
		return f.repo + "/src/" + branch + "/" + file + "?mode=edit"
	}
	return f.repo + "/edit/" + branch + "/" + file
}

// commit is where one commit is shown.
func (f forge) commit(hash string) string {
	switch f.kind {
	case project.GitLab:
		return f.repo + "/-/commit/" + url.PathEscape(hash)
	case project.Bitbucket:
		return f.repo + "/commits/" + url.PathEscape(hash)
	}
	return f.repo + "/commit/" + url.PathEscape(hash)
}

// link shows code with a link to an address on the forge, where there is one.
func (f forge) link(address, code string) template.HTML {
	h := "<code>" + template.HTMLEscapeString(code) + "</code>"
	if f.repo != "" {
		h = `<a href="` + template.HTMLEscapeString(address) + `">` + h + "</a>"
	}
	return template.HTML(h)
}

// compare is where what changed between two revisions is shown.
func (f forge) compare(from, to string) string {
	switch f.kind {
	case project.GitLab:
		return f.repo + "/-/compare/" + url.PathEscape(from) + "..." + url.PathEscape(to)
	case project.Bitbucket:
		return f.repo + "/branches/compare/" + url.PathEscape(to) + "%0D" + url.PathEscape(from)
	}
	return f.repo + "/compare/" + url.PathEscape(from) + "..." + url.PathEscape(to)
}
